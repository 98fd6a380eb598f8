import { useTranslation } from "react-i18next";
import type { KindShown } from "#app/domain/surveys/read-hidden-bytes.ts";
import { ShareBar } from "../chart/share-bar.tsx";
import { type Column, DataTable } from "../table/data-table.tsx";
import { Bytes, Count } from "../values.tsx";

export interface KindsTableProps {
  caption: string;
  kinds: KindShown[];
}

/** What stored bytes are made of, kind by kind: how many, how much, and what part of all. */
export function KindsTable({ caption, kinds }: KindsTableProps) {
  const { t } = useTranslation();
  const columns: Column<KindShown>[] = [
    {
      key: "kind",
      header: t("surveys.hidden.kind"),
      cell: ({ kind }) => (
        <>
          {t(`surveys.kinds.${kind}`)}
          <span className="block text-sm font-normal text-muted">{t(`surveys.kindHints.${kind}`)}</span>
        </>
      ),
    },
    {
      key: "count",
      header: t("surveys.hidden.count"),
      align: "end",
      cell: ({ count }) =>
        count === null ? (
          <span className="text-muted">
            <span aria-hidden="true">–</span>
            <span className="sr-only">{t("surveys.hidden.notCounted")}</span>
          </span>
        ) : (
          <Count value={count} />
        ),
    },
    {
      key: "bytes",
      header: t("surveys.hidden.bytes"),
      align: "end",
      cell: ({ bytes }) => <Bytes value={bytes} />,
    },
    {
      key: "share",
      header: t("surveys.hidden.share"),
      cell: ({ share }) => <ShareBar share={share} />,
    },
  ];
  return <DataTable caption={caption} columns={columns} rows={kinds} rowKey={({ kind }) => kind} />;
}
