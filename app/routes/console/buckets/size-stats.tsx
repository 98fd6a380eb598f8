import { useTranslation } from "react-i18next";
import type { BucketSize } from "#app/domain/buckets/read-buckets.ts";
import { Stat, StatGrid } from "#app/ui/layout/stats.tsx";
import { MeasuredAt } from "#app/ui/usage/usage-stats.tsx";
import { Bytes, Count } from "#app/ui/values.tsx";

/** How full a bucket is, as far as that is known. */
export function SizeStats({ size }: { size: BucketSize | null }) {
  const { t } = useTranslation();
  const note = (whenCurrent: string) => {
    if (!size) return t("buckets.sizeUnknown");
    if (size.isCurrent) return whenCurrent;
    return (
      <>
        {t("buckets.sizeOld")} <MeasuredAt at={size.measuredAt} />.
      </>
    );
  };
  return (
    <StatGrid>
      <Stat
        label={t("buckets.size")}
        value={size ? <Bytes value={size.sizeBytes} /> : "–"}
        note={note(t("buckets.sizeNote"))}
      />
      <Stat
        label={t("buckets.objects")}
        value={size ? <Count value={size.objectCount} /> : "–"}
        note={note(t("buckets.objectsNote"))}
      />
    </StatGrid>
  );
}
