import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { BucketUsage } from "#app/domain/usage/read-usage.ts";
import { type Column, DataTable } from "../table/data-table.tsx";
import { Bytes, Count } from "../values.tsx";

export interface BucketUsageTableProps {
  rows: BucketUsage[];
  /** Address of the buckets' pages, for those who may open them. */
  bucketsPage?: string;
}

export function BucketUsageTable({ rows, bucketsPage }: BucketUsageTableProps) {
  const { t } = useTranslation();
  const columns: Column<BucketUsage>[] = [
    {
      key: "bucket",
      header: t("usage.page.bucket"),
      cell: ({ bucket, bucketId, isDeleted }) => (
        <>
          {bucketId && bucketsPage ? <Link to={`${bucketsPage}/${bucketId}`}>{bucket}</Link> : bucket}
          {isDeleted && <span className="font-normal text-muted"> ({t("usage.page.deleted")})</span>}
        </>
      ),
    },
    {
      key: "stored",
      header: t("usage.storedBytes"),
      align: "end",
      cell: ({ storedBytes }) => <Bytes value={storedBytes} />,
    },
    {
      key: "objects",
      header: t("usage.objects"),
      align: "end",
      cell: ({ objects }) => <Count value={objects} />,
    },
    ...useFlowColumns<BucketUsage>(),
  ];
  return (
    <DataTable
      caption={t("usage.page.byBucket")}
      rows={rows}
      rowKey={({ bucket }) => bucket}
      columns={columns}
      empty={<p className="text-muted">{t("usage.page.byBucketNone")}</p>}
    />
  );
}

type Flows = Pick<BucketUsage, "requestsRead" | "requestsWrite" | "egressBytes" | "ingressBytes">;

/** Requests and traffic, the same in every table. */
export function useFlowColumns<Row extends Flows>(): Column<Row>[] {
  const { t } = useTranslation();
  return [
    {
      key: "requestsRead",
      header: t("usage.requestsRead"),
      align: "end",
      cell: ({ requestsRead }) => <Count value={requestsRead} />,
    },
    {
      key: "requestsWrite",
      header: t("usage.requestsWrite"),
      align: "end",
      cell: ({ requestsWrite }) => <Count value={requestsWrite} />,
    },
    {
      key: "egress",
      header: t("usage.egress"),
      align: "end",
      cell: ({ egressBytes }) => <Bytes value={egressBytes} />,
    },
    {
      key: "ingress",
      header: t("usage.ingress"),
      align: "end",
      cell: ({ ingressBytes }) => <Bytes value={ingressBytes} />,
    },
  ];
}
