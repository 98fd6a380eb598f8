import { useTranslation } from "react-i18next";
import type { DayUsage } from "#app/domain/usage/read-usage-by-time.ts";
import { DayChart } from "../chart/day-chart.tsx";
import { formatBytes, formatCount } from "../format.ts";
import { useRootData } from "../root-data.ts";
import { dayName } from "./month-name.ts";

interface Series {
  title: string;
  pick: (day: DayUsage) => bigint | null;
  format: (value: bigint) => string;
}

/** What was stored, sent and asked for, day by day. */
export function DayUsageCharts({ days }: { days: DayUsage[] }) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const bytes = (value: bigint) => formatBytes(value, locale);
  const count = (value: bigint) => formatCount(value, locale);
  const series: Series[] = [
    { title: t("usage.chart.stored"), format: bytes, pick: ({ storedBytes }) => storedBytes },
    { title: t("usage.chart.traffic"), format: bytes, pick: (day) => day.egressBytes + day.ingressBytes },
    {
      title: t("usage.chart.requests"),
      format: count,
      pick: (day) => day.requestsRead + day.requestsWrite,
    },
  ];
  return (
    <div className="grid gap-3 md:grid-cols-3">
      {series.map((one) => (
        <SeriesChart key={one.title} days={days} {...one} />
      ))}
    </div>
  );
}

function SeriesChart({ days, title, pick, format }: Series & { days: DayUsage[] }) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const points = days.map((day) => ({ name: dayName(day.day, locale), key: day.day, value: pick(day) }));
  const top = points.reduce((best, point) => ((point.value ?? 0n) > (best.value ?? 0n) ? point : best));
  const most = format(top.value ?? 0n);
  return (
    <DayChart
      title={title}
      summary={
        top.value
          ? t("usage.chart.summary", { title, most, day: top.name })
          : t("usage.chart.nothing", { title })
      }
      days={points.map(({ key, name, value }) => ({
        key,
        value,
        label: t("usage.chart.bar", {
          day: name,
          value: value === null ? t("usage.page.notMeasuredThen") : format(value),
        }),
      }))}
      most={most}
      first={points[0]?.name ?? ""}
      last={points.at(-1)?.name ?? ""}
    />
  );
}
