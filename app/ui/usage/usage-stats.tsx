import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { UsageSummary } from "#app/domain/usage/read-usage.ts";
import { QuotaBar } from "../chart/quota-bar.tsx";
import { Stat, StatGrid } from "../layout/stats.tsx";
import { Bytes, Count, Timestamp } from "../values.tsx";

export interface UsageStatsProps {
  usage: UsageSummary & { measuredAt: Date };
  /** Bytes that the account may store, where the reader is to see how full it is. */
  storageLimit?: bigint;
}

/** The four figures of an account's usage, each with the time of measuring. */
export function UsageStats({ usage, storageLimit }: UsageStatsProps) {
  const { t } = useTranslation();
  const { measuredAt, requestsRead, requestsWrite, egressBytes, ingressBytes } = usage;
  const storedBytes = usage.storedBytes ?? 0n;
  const measured = <MeasuredAt at={measuredAt} />;
  return (
    <StatGrid>
      <Stat label={t("usage.storedBytes")} value={<Bytes value={storedBytes} />} note={measured}>
        {storageLimit !== undefined && (
          <QuotaBar
            label={t("usage.quotas.storage_bytes")}
            used={storedBytes}
            limit={storageLimit}
            unit="bytes"
          />
        )}
      </Stat>
      <Stat label={t("usage.objects")} value={<Count value={usage.objects ?? 0n} />} note={measured} />
      <Stat label={t("usage.requests")} value={<Count value={requestsRead + requestsWrite} />} note={measured}>
        <Part label={t("usage.requestsRead")}>
          <Count value={requestsRead} />
        </Part>
        <Part label={t("usage.requestsWrite")}>
          <Count value={requestsWrite} />
        </Part>
      </Stat>
      <Stat label={t("usage.traffic")} value={<Bytes value={egressBytes + ingressBytes} />} note={measured}>
        <Part label={t("usage.egress")}>
          <Bytes value={egressBytes} />
        </Part>
        <Part label={t("usage.ingress")}>
          <Bytes value={ingressBytes} />
        </Part>
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

function Part({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="flex justify-between gap-3 text-sm">
      <span className="text-muted">{label}</span> {children}
    </span>
  );
}
