import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { BucketBytes } from "#app/domain/surveys/list-hidden-bytes.ts";
import { type KindOfBytes, kindsOfBytes } from "#app/domain/surveys/states.ts";
import { type Column, DataTable } from "../table/data-table.tsx";
import { Bytes, Count, Timestamp } from "../values.tsx";

export interface BucketBytesTableProps {
  rows: BucketBytes[];
  /** Address of the buckets' pages. */
  bucketsPage: string;
}

/** What the bytes of each bucket are made of. */
export function BucketBytesTable({ rows, bucketsPage }: BucketBytesTableProps) {
  const { t } = useTranslation();
  const columns: Column<BucketBytes>[] = [
    {
      key: "bucket",
      header: t("surveys.account.bucket"),
      cell: ({ id, name }) => <Link to={`${bucketsPage}/${id}/hidden-bytes`}>{name}</Link>,
    },
    ...kindsOfBytes.map(
      (kind): Column<BucketBytes> => ({
        key: kind,
        header: t(`surveys.kinds.${kind}`),
        align: "end",
        cell: ({ kinds }) => <Figures kind={kind} kinds={kinds} />,
      }),
    ),
    {
      key: "total",
      header: t("surveys.hidden.total"),
      align: "end",
      cell: ({ kinds, totalBytes }) => (kinds ? <Bytes value={totalBytes} /> : <Unknown />),
    },
    {
      key: "surveyed",
      header: t("surveys.account.surveyedAt"),
      cell: ({ surveyedAt, isPartial, isUnderWay }) => (
        <>
          {isUnderWay && <span className="block">{t("surveys.account.underWay")}</span>}
          {surveyedAt ? (
            <Timestamp at={surveyedAt} style="date" />
          ) : (
            !isUnderWay && t("surveys.account.never")
          )}
          {surveyedAt && isPartial && <span className="text-muted"> ({t("surveys.account.partial")})</span>}
        </>
      ),
    },
  ];
  return (
    <DataTable caption={t("surveys.account.buckets")} columns={columns} rows={rows} rowKey={({ id }) => id} />
  );
}

function Figures({ kind, kinds }: { kind: KindOfBytes; kinds: BucketBytes["kinds"] }) {
  if (!kinds) return <Unknown />;
  const { count, bytes } = kinds[kind];
  // Delete markers have no bytes: how many there are is all that there is to say.
  if (kind === "markers") return count === null ? <Unknown /> : <Count value={count} />;
  return (
    <span>
      <Bytes value={bytes} />
      {count !== null && (
        <span className="block text-sm text-muted">
          <Count value={count} />
        </span>
      )}
    </span>
  );
}

function Unknown() {
  const { t } = useTranslation();
  return (
    <span className="text-muted">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{t("surveys.hidden.notCounted")}</span>
    </span>
  );
}
