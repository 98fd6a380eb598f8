import { useTranslation } from "react-i18next";
import type { Survey } from "#app/domain/surveys/read-surveys.ts";
import { formatCount } from "#app/ui/format.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { useRootData } from "#app/ui/root-data.ts";
import { Timestamp } from "#app/ui/values.tsx";
import { RuleActions, RuleScope } from "../buckets/lifecycle/rule-words.tsx";

/** What a survey was asked for: the rule that is tried, by whom, and the time that its figures are of. */
export function SurveyFacts({ survey }: { survey: Survey }) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { rule, counts, startedAt, createdAt, requestedBy, endedAt } = survey;
  const entries = counts && endedAt ? counts.entries : null;
  return (
    <DescriptionList
      items={[
        ...(rule
          ? [
              {
                term: t("lifecycle.columns.does"),
                details: <RuleActions rule={rule.rule} versioning={counts?.versioning ?? "enabled"} />,
              },
              { term: t("lifecycle.columns.about"), details: <RuleScope filter={rule.rule.filter} /> },
            ]
          : []),
        { term: t("surveys.survey.requestedAt"), details: <Timestamp at={createdAt} /> },
        ...(requestedBy ? [{ term: t("surveys.survey.requestedBy"), details: requestedBy }] : []),
        ...(startedAt
          ? [
              {
                term: t("surveys.survey.figuresOf"),
                details: (
                  <>
                    <Timestamp at={startedAt} />
                    {entries !== null && (
                      <span className="block text-sm text-muted" suppressHydrationWarning>
                        {t("surveys.survey.entries", {
                          count: Number(entries),
                          number: formatCount(entries, locale),
                        })}
                      </span>
                    )}
                  </>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
