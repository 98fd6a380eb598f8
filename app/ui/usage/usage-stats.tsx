import { useTranslation } from "react-i18next";
import type { UsageSummary } from "#app/domain/usage/read-usage.ts";
import { QuotaBar } from "../chart/quota-bar.tsx";
import { formatBytes, formatCount } from "../format.ts";
import { Stat, StatGrid } from "../layout/stats.tsx";
import { useRootData } from "../root-data.ts";
import { Bytes, Count, Timestamp } from "../values.tsx";

export interface UsageStatsProps {
  usage: UsageSummary & { measuredAt: Date };
  /** Bytes that the account may store, where the reader is to see how full it is. */
  storageLimit?: bigint;
}

/**
 * The four figures of an account's usage. The page says when they were measured; here stands only what was
 * measured at another time, the stored bytes of a past month.
 */
export function UsageStats({ usage, storageLimit }: UsageStatsProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { measuredAt, storedAt, requestsRead, requestsWrite, egressBytes, ingressBytes } = usage;
  const storedBytes = usage.storedBytes ?? 0n;
  const stored = storedAt && storedAt.getTime() !== measuredAt.getTime() && <MeasuredAt at={storedAt} />;
  return (
    <StatGrid>
      <Stat label={t("usage.storedBytes")} value={<Bytes value={storedBytes} />} note={stored}>
        {storageLimit !== undefined && (
          <QuotaBar
            label={t("usage.quotas.storage_bytes")}
            used={storedBytes}
            limit={storageLimit}
            unit="bytes"
          />
        )}
      </Stat>
      <Stat label={t("usage.objects")} value={<Count value={usage.objects ?? 0n} />} note={stored} />
      <Stat label={t("usage.requests")} value={<Count value={requestsRead + requestsWrite} />}>
        <Part label={t("usage.requestsRead")} value={formatCount(requestsRead, locale)} />
        <Part label={t("usage.requestsWrite")} value={formatCount(requestsWrite, locale)} />
      </Stat>
      <Stat label={t("usage.traffic")} value={<Bytes value={egressBytes + ingressBytes} />}>
        <Part label={t("usage.egress")} value={formatBytes(egressBytes, locale)} />
        <Part label={t("usage.ingress")} value={formatBytes(ingressBytes, locale)} />
      </Stat>
    </StatGrid>
  );
}

export function MeasuredAt({ at }: { at: Date }) {
  const { t } = useTranslation();
  return (
    <>
      {t("usage.measured")} <Timestamp at={at} />
    </>
  );
}

/** What a figure is made up of. */
function Part({ label, value }: { label: string; value: string }) {
  return (
    <span className="flex justify-between gap-3 text-sm">
      <span className="text-muted">{label}</span> <span suppressHydrationWarning>{value}</span>
    </span>
  );
}
