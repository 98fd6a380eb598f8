import { useTranslation } from "react-i18next";
import { href } from "react-router";
import type { BucketSize } from "#app/domain/buckets/read-buckets.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { formatBytes, formatCount } from "#app/ui/format.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { useRootData } from "#app/ui/root-data.ts";

export interface FullBucketProps {
  content: BucketSize | null;
  isBeingEmptied: boolean;
  params: { account: string; bucket: string };
}

/** Why a bucket cannot be deleted as it is, and the way to that. */
export function FullBucket({ content, isBeingEmptied, params }: FullBucketProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const emptying = href("/accounts/:account/buckets/:bucket/emptying", params);
  if (isBeingEmptied || !content) {
    return (
      <Notice tone="warning" title={t("emptying.full.underWay")}>
        <p className="mb-3">{t("emptying.full.underWayText")}</p>
        <ButtonLink to={emptying}>{t("emptying.notice.link")}</ButtonLink>
      </Notice>
    );
  }
  return (
    <Notice tone="warning" title={t("emptying.full.title")}>
      <p suppressHydrationWarning>
        {t("emptying.full.text", {
          objects: formatCount(content.objectCount, locale),
          size: formatBytes(content.sizeBytes, locale),
        })}
      </p>
      <p className="mb-3">{t("emptying.full.advice")}</p>
      <ButtonLink to={`${emptying}?deletesBucket`}>{t("emptying.full.link")}</ButtonLink>
    </Notice>
  );
}
