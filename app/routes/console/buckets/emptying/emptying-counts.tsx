import { useTranslation } from "react-i18next";
import type { Emptying } from "#app/domain/emptying/read-emptyings.ts";
import { isUnderWay } from "#app/domain/emptying/states.ts";
import { formatCount } from "#app/ui/format.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { useRootData } from "#app/ui/root-data.ts";
import { Bytes, Count, Timestamp } from "#app/ui/values.tsx";
import { ratePerSecond } from "./pace.ts";

/** What an emptying has removed, and when. */
export function EmptyingCounts({ emptying }: { emptying: Emptying }) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { state, removedVersions, removedMarkers, removedUploads, removedBytes } = emptying;
  const { startedBy, startedAt, createdAt, endedAt } = emptying;
  const rate = ratePerSecond(emptying);
  return (
    <DescriptionList
      items={[
        { term: t("emptying.counts.versions"), details: <Count value={removedVersions} /> },
        { term: t("emptying.counts.markers"), details: <Count value={removedMarkers} /> },
        { term: t("emptying.counts.uploads"), details: <Count value={removedUploads} /> },
        { term: t("emptying.counts.bytes"), details: <Bytes value={removedBytes} /> },
        ...(rate !== null && isUnderWay(state)
          ? [
              {
                term: t("emptying.counts.rate"),
                details: t("emptying.counts.perSecond", { rate: formatCount(Math.round(rate), locale) }),
              },
            ]
          : []),
        { term: t("emptying.counts.startedBy"), details: startedBy ?? "–" },
        {
          term: t("emptying.counts.startedAt"),
          details: <Timestamp at={startedAt ?? createdAt} style="exact" />,
        },
        ...(endedAt
          ? [{ term: t("emptying.counts.endedAt"), details: <Timestamp at={endedAt} style="exact" /> }]
          : []),
      ]}
    />
  );
}
