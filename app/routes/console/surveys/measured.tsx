import { useTranslation } from "react-i18next";
import type { HiddenBytes } from "#app/domain/surveys/read-hidden-bytes.ts";
import { formatCount } from "#app/ui/format.ts";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { useRootData } from "#app/ui/root-data.ts";
import { KindsTable } from "#app/ui/surveys/kinds-table.tsx";
import { Bytes, Timestamp } from "#app/ui/values.tsx";
import { useBoundWords } from "./bound-words.ts";

/** What the bytes of a bucket are, kind by kind, and when that was found. */
export function Measured({ hidden }: { hidden: HiddenBytes }) {
  const { t } = useTranslation();
  const { kinds, totalBytes, survey } = hidden;
  const bound = useBoundWords(survey?.counts, {
    entries: "surveys.hidden.partialEntries",
    time: "surveys.hidden.partialTime",
  });
  if (!kinds)
    return <EmptyState title={t("surveys.hidden.unknown")}>{t("surveys.hidden.unknownText")}</EmptyState>;
  return (
    <div className="space-y-4">
      {bound && <Notice tone="warning" title={bound} />}
      <KindsTable caption={t("surveys.hidden.table")} kinds={kinds} />
      <p>
        {t("surveys.hidden.total")}: <Bytes value={totalBytes} />.{" "}
        <span className="text-sm text-muted">
          <AsOf hidden={hidden} />
        </span>
      </p>
      <Details hidden={hidden} />
    </div>
  );
}

function AsOf({ hidden: { isLive, survey } }: { hidden: HiddenBytes }) {
  const { t } = useTranslation();
  const at = survey?.startedAt;
  if (!at) return isLive ? t("surveys.hidden.liveUncounted") : null;
  return (
    <>
      {isLive ? t("surveys.hidden.live") : t("surveys.hidden.counted")} <Timestamp at={at} />.
    </>
  );
}

/** What only a survey finds out. */
function Details({ hidden: { survey } }: { hidden: HiddenBytes }) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  if (!survey?.counts) return null;
  const { markers, uploads } = survey.counts;
  const alone = markers.withNothingBehind;
  return (
    <ul className="space-y-1 text-sm text-muted">
      {alone > 0n && (
        <li suppressHydrationWarning>
          {t("surveys.hidden.aloneMarkers", { count: Number(alone), number: formatCount(alone, locale) })}
        </li>
      )}
      {uploads.oldestAt && (
        <li>
          {t("surveys.hidden.oldestUpload")} <Timestamp at={uploads.oldestAt} />.
        </li>
      )}
    </ul>
  );
}
