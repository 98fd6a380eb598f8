import { useTranslation } from "react-i18next";
import type { QuotaUse } from "#app/domain/quotas/read-quotas.ts";
import { QuotaBar } from "../chart/quota-bar.tsx";
import { MeasuredAt } from "./usage-stats.tsx";

/** Every limit of an account and how much of it is used. */
export function QuotaList({ quotas }: { quotas: QuotaUse[] }) {
  const { t } = useTranslation();
  return (
    <dl className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
      {quotas.map(({ resource, used, limit, measuredAt }) => (
        <div key={resource}>
          <dt className="mb-1.5 font-semibold">{t(`usage.quotas.${resource}`)}</dt>
          <dd>
            <QuotaBar
              label={t(`usage.quotas.${resource}`)}
              used={used}
              limit={limit}
              unit={resource === "storage_bytes" ? "bytes" : "count"}
            />
          </dd>
          {measuredAt && (
            <dd className="text-sm text-muted">
              <MeasuredAt at={measuredAt} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
