import { useTranslation } from "react-i18next";
import { formatBytes, formatCount, formatPercent } from "../format.ts";
import { useRootData } from "../root-data.ts";

export interface QuotaBarProps {
  /** What is limited; names the bar for those who do not see it. */
  label: string;
  /** Bigints or their decimal strings. */
  used: bigint | string;
  /** None: used without a limit. */
  limit: bigint | string | null;
  unit: "bytes" | "count";
}

/** How much of a limit is used: the words, and a bar that changes colour from 75 % and from 90 %. */
export function QuotaBar({ label, used, limit, unit }: QuotaBarProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const format = (value: bigint | string) =>
    unit === "bytes" ? formatBytes(value, locale) : formatCount(value, locale);
  if (limit === null)
    return <p className="text-sm text-muted">{t("common.quota.unlimited", { used: format(used) })}</p>;

  const part = Number(limit) === 0 ? 1 : Number(used) / Number(limit);
  const words = t("common.quota.usedOf", {
    used: format(used),
    limit: format(limit),
    percent: formatPercent(part, locale),
  });
  return (
    <div>
      {/* No <meter>: Chromium paints a styled one at half its height. The words below say the same. */}
      <svg
        aria-hidden="true"
        viewBox="0 0 100 1"
        preserveAspectRatio="none"
        className={`block h-2 w-full rounded-full bg-sunken ${fillOf(part)}`}
      >
        <rect width={Math.min(part, 1) * 100} height="1" />
      </svg>
      <p className="mt-1 text-sm text-muted" suppressHydrationWarning>
        <span className="sr-only">{label}: </span>
        {words}
      </p>
    </div>
  );
}

function fillOf(part: number): string {
  if (part >= 0.9) return "fill-danger";
  return part >= 0.75 ? "fill-warning" : "fill-accent";
}
