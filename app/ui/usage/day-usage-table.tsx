import { useTranslation } from "react-i18next";
import type { DayUsage } from "#app/domain/usage/read-usage-by-time.ts";
import { useRootData } from "../root-data.ts";
import { DataTable } from "../table/data-table.tsx";
import { Bytes, Count } from "../values.tsx";
import { useFlowColumns } from "./bucket-usage-table.tsx";
import { dayName } from "./month-name.ts";

/** The days behind the charts, in numbers. */
export function DayUsageTable({ rows }: { rows: DayUsage[] }) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const unknown = (
    <span className="text-muted">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{t("usage.page.notMeasuredThen")}</span>
    </span>
  );
  return (
    <DataTable
      caption={t("usage.page.byDay")}
      rows={rows}
      rowKey={({ day }) => day}
      columns={[
        {
          key: "day",
          header: t("usage.page.day"),
          cell: ({ day }) => (
            <time dateTime={day} className="whitespace-nowrap" suppressHydrationWarning>
              {dayName(day, locale)}
            </time>
          ),
        },
        {
          key: "stored",
          header: t("usage.storedBytes"),
          align: "end",
          cell: ({ storedBytes }) => (storedBytes === null ? unknown : <Bytes value={storedBytes} />),
        },
        {
          key: "objects",
          header: t("usage.objects"),
          align: "end",
          cell: ({ objects }) => (objects === null ? unknown : <Count value={objects} />),
        },
        ...useFlowColumns<DayUsage>(),
      ]}
    />
  );
}
