import { useTranslation } from "react-i18next";
import type { BucketSize } from "#app/domain/buckets/read-buckets.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Card } from "#app/ui/layout/section.tsx";
import { MeasuredAt } from "#app/ui/usage/usage-stats.tsx";
import { Bytes } from "#app/ui/values.tsx";

interface QuotaInUseProps {
  size: BucketSize | null;
  /** The account's own limit of storage, within which the bucket's stands. */
  account: { limit: bigint; used: bigint } | null;
  isSoft: boolean;
}

/** What to know before choosing a quota: what is there, and what else limits the bucket. */
export function QuotaInUse({ size, account, isSoft }: QuotaInUseProps) {
  const { t } = useTranslation();
  return (
    <>
      <Card>
        <DescriptionList
          items={[
            {
              term: t("bucketSettings.quota.used"),
              details: size ? (
                <>
                  <Bytes value={size.sizeBytes} /> ·{" "}
                  {t("bucketSettings.quota.objectsCount", { count: Number(size.objectCount) })}
                  {!size.isCurrent && (
                    <>
                      {" "}
                      <MeasuredAt at={size.measuredAt} />
                    </>
                  )}
                </>
              ) : (
                t("bucketSettings.unknown")
              ),
            },
            ...(account
              ? [
                  {
                    term: t("bucketSettings.quota.account"),
                    details: (
                      <>
                        <Bytes value={account.limit} />
                        <span className="block text-sm text-muted">
                          {t("bucketSettings.quota.accountHint")}
                        </span>
                      </>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Card>
      {isSoft && <p>{t("bucketSettings.quota.soft")}</p>}
    </>
  );
}
