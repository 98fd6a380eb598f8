import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { getBucket } from "#app/domain/buckets/read-buckets.ts";
import { kindsOf } from "#app/domain/surveys/read-hidden-bytes.ts";
import { getSurvey } from "#app/domain/surveys/read-surveys.ts";
import { isUnderWay } from "#app/domain/surveys/states.ts";
import { load } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { KindsTable } from "#app/ui/surveys/kinds-table.tsx";
import { SurveyProgress } from "#app/ui/surveys/survey-progress.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import type { Route } from "./+types/survey";
import { changedRuleOf, hiddenBytesHref } from "./addresses.ts";
import { RuleEffects } from "./rule-effects.tsx";
import { SurveyFacts } from "./survey-facts.tsx";
import { SurveyFailed } from "./survey-failed.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const bucketId = uuidOr404(args.params.bucket);
    const [bucket, survey] = await Promise.all([
      getBucket(context, bucketId),
      getSurvey(context, bucketId, uuidOr404(args.params.survey)),
    ]);
    const isOver = !isUnderWay(survey.state) && survey.state !== "failed";
    return {
      bucketName: bucket.name,
      survey,
      kinds: isOver ? kindsOf(null, survey.counts) : null,
      changed: changedRuleOf(args.url.searchParams),
      canSave: context.access.accountState === "active" && can(context, "buckets:set-lifecycle"),
    };
  });
}

export default function SurveyPage({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { bucketName, survey, kinds, changed, canSave } = loaderData;
  const { state, rule, counts, problem } = survey;
  const underWay = isUnderWay(state);
  useRefreshWhile(underWay);
  return (
    <>
      <PageHeader
        title={rule ? t("surveys.survey.previewTitle") : t("surveys.survey.title", { bucket: bucketName })}
        breadcrumbs={[
          { label: t("buckets.title"), to: href("/accounts/:account/buckets", params) },
          { label: bucketName, to: href("/accounts/:account/buckets/:bucket", params) },
          rule
            ? {
                label: t("lifecycle.title"),
                to: href("/accounts/:account/buckets/:bucket/lifecycle", params),
              }
            : { label: t("surveys.hidden.title"), to: hiddenBytesHref(params) },
        ]}
      />
      {underWay && <SurveyProgress survey={survey} />}
      {state === "failed" && <SurveyFailed problem={problem} />}
      <Section title={rule ? t("surveys.survey.rule") : t("surveys.survey.facts")}>
        <Card>
          <SurveyFacts survey={survey} />
        </Card>
      </Section>
      {rule && !underWay && (
        <RuleEffects
          survey={survey}
          params={params}
          changed={changed}
          canSave={canSave}
          values={rule.values}
        />
      )}
      {kinds && counts && (
        <Section title={counts.prefix ? t("surveys.survey.resultPrefix") : t("surveys.survey.result")}>
          <KindsTable caption={t("surveys.hidden.table")} kinds={kinds} />
        </Section>
      )}
    </>
  );
}
