import { useTranslation } from "react-i18next";
import type { BucketSize } from "#app/domain/buckets/read-buckets.ts";
import { QuotaBar } from "#app/ui/chart/quota-bar.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { Bytes, Count } from "#app/ui/values.tsx";

/** A rule's or a tag's own words may be long. */
const shown = 5;

/** Which rules there are, and which of them are at work. */
export function LifecycleSummary({ rules }: { rules: { id: string; enabled: boolean }[] }) {
  const { t } = useTranslation();
  if (rules.length === 0) return t("bucketSettings.lifecycle.none");
  return (
    <>
      <p>{t("bucketSettings.lifecycle.count", { count: rules.length })}</p>
      <ul className="mt-1 space-y-1">
        {rules.slice(0, shown).map(({ id, enabled }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-2">
            <span className="min-w-0 wrap-anywhere">{id}</span>
            <StateTag tone={enabled ? "success" : "neutral"}>
              {t(enabled ? "bucketSettings.lifecycle.on" : "bucketSettings.lifecycle.off")}
            </StateTag>
          </li>
        ))}
      </ul>
      <More count={rules.length - shown} />
    </>
  );
}

/** How many rules there are, and for which sites. */
export function CorsSummary({ cors: { rules, origins } }: { cors: { rules: number; origins: string[] } }) {
  const { t } = useTranslation();
  if (rules === 0) return t("bucketSettings.cors.none");
  return (
    <>
      <p>{t("bucketSettings.cors.count", { count: rules })}</p>
      <ul className="mt-1">
        {origins.slice(0, shown).map((origin) => (
          <li key={origin}>
            <code className="wrap-anywhere">{origin}</code>
          </li>
        ))}
      </ul>
      <More count={origins.length - shown} />
    </>
  );
}

/** Whether browsers send files straight to the storage. */
export function DirectUploadsSummary({ isAllowed }: { isAllowed: boolean }) {
  const { t } = useTranslation();
  return t(isAllowed ? "bucketSettings.directUploads.allowed" : "bucketSettings.directUploads.notAllowed");
}

/** The tags, the first few of many. */
export function TagsSummary({ tags }: { tags: { key: string; value: string }[] }) {
  const { t } = useTranslation();
  if (tags.length === 0) return t("bucketSettings.tags.none");
  return (
    <>
      <ul>
        {tags.slice(0, shown).map(({ key, value }) => (
          <li key={key} className="wrap-anywhere">
            <code>{key}</code>
            {value && ` = ${value}`}
          </li>
        ))}
      </ul>
      <More count={tags.length - shown} />
    </>
  );
}

interface QuotaSummaryProps {
  quota: { maxSizeBytes: bigint | null; maxObjects: bigint | null };
  size: BucketSize | null;
}

/** The bucket's limits, and how much of each is used as far as that is known. */
export function QuotaSummary({ quota: { maxSizeBytes, maxObjects }, size }: QuotaSummaryProps) {
  const { t } = useTranslation();
  if (maxSizeBytes === null && maxObjects === null) return t("bucketSettings.quota.none");
  return (
    <div className="max-w-sm space-y-2">
      {maxSizeBytes !== null && (
        <div>
          <p>
            {t("bucketSettings.quota.size")}: <Bytes value={maxSizeBytes} />
          </p>
          {size && (
            <QuotaBar
              label={t("bucketSettings.quota.size")}
              used={size.sizeBytes}
              limit={maxSizeBytes}
              unit="bytes"
            />
          )}
        </div>
      )}
      {maxObjects !== null && (
        <div>
          <p>
            {t("bucketSettings.quota.objects")}: <Count value={maxObjects} />
          </p>
          {size && (
            <QuotaBar
              label={t("bucketSettings.quota.objects")}
              used={size.objectCount}
              limit={maxObjects}
              unit="count"
            />
          )}
        </div>
      )}
    </div>
  );
}

function More({ count }: { count: number }) {
  const { t } = useTranslation();
  return count > 0 && <p className="text-muted">{t("bucketSettings.more", { count })}</p>;
}
