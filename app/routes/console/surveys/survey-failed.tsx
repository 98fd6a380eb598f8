import { useTranslation } from "react-i18next";
import type { SurveyProblem } from "#app/domain/surveys/states.ts";
import { Notice } from "#app/ui/layout/notice.tsx";

const told = ["unavailable", "not-found", "denied", "bucket-not-active"] as const;

/** Why a survey came to nothing. */
export function SurveyFailed({ problem }: { problem: SurveyProblem | null }) {
  const { t } = useTranslation();
  const known = told.find((code) => code === problem) ?? "other";
  return (
    <Notice tone="danger" title={t("surveys.survey.failed")}>
      {t(`surveys.problems.${known}`)}
    </Notice>
  );
}
