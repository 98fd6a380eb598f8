import { useTranslation } from "react-i18next";
import type { SurveyCounts } from "#app/domain/surveys/counts.ts";
import type { SurveyBound } from "#app/domain/surveys/states.ts";
import { formatCount } from "#app/ui/format.ts";
import { useRootData } from "#app/ui/root-data.ts";

type Key =
  | "surveys.effects.partialEntries"
  | "surveys.effects.partialTime"
  | "surveys.effects.partialTags"
  | "surveys.hidden.partialEntries"
  | "surveys.hidden.partialTime";

/** Why a survey's figures are a part, in one of these sentences; null where they are the whole. */
export function useBoundWords(
  counts: Pick<SurveyCounts, "bound" | "entries"> | null | undefined,
  keys: Partial<Record<SurveyBound, Key>>,
): string | null {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const key = counts?.bound && keys[counts.bound];
  return key ? t(key, { entries: formatCount(counts.entries, locale) }) : null;
}
