import { useTranslation } from "react-i18next";

/** More names than this make a table hard to read. */
const shown = 3;

/** Which buckets a key reaches, in a few words. */
export function BucketScope({ allBuckets, buckets }: { allBuckets: boolean; buckets: string[] }) {
  const { t } = useTranslation();
  if (allBuckets) return t("accessKeys.scopes.all");
  if (buckets.length === 0) return t("accessKeys.scopes.none");
  const names = buckets.slice(0, shown).join(", ");
  const more = buckets.length - shown;
  return (
    <span className="break-words">
      {more > 0 ? t("accessKeys.scopes.more", { names, count: more }) : names}
    </span>
  );
}
