import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Survey } from "#app/domain/surveys/read-surveys.ts";
import { formatCount } from "../format.ts";
import { Notice } from "../layout/notice.tsx";
import { useRootData } from "../root-data.ts";

export interface SurveyProgressProps {
  survey: Pick<Survey, "state" | "counts" | "problem">;
}

/** How far a survey is that waits or runs, with a link that looks again. */
export function SurveyProgress({ survey: { state, counts, problem } }: SurveyProgressProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const done = counts?.entries ?? 0n;
  // What was uploaded meanwhile is counted, too.
  const expected = counts?.expected && counts.expected > done ? counts.expected : null;
  const words = expected
    ? t("surveys.progress.of", { done: formatCount(done, locale), expected: formatCount(expected, locale) })
    : t("surveys.progress.sofar", { count: Number(done), number: formatCount(done, locale) });
  return (
    <Notice
      tone={problem ? "warning" : "info"}
      title={state === "queued" ? t("surveys.progress.queued") : t("surveys.progress.running")}
    >
      {problem && (
        <p>{problem === "internal" ? t("surveys.progress.internal") : t("surveys.progress.away")}</p>
      )}
      <progress
        aria-label={t("surveys.progress.label")}
        className="my-2 block w-full"
        {...(expected ? { value: Number(done), max: Number(expected) } : {})}
      />
      <p suppressHydrationWarning>{words}</p>
      <p>
        {t("surveys.progress.stays")} <Link to=".">{t("common.refresh")}</Link>
      </p>
    </Notice>
  );
}
