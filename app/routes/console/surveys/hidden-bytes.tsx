import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { publicEndpoint } from "#app/domain/access-keys/public-endpoint.ts";
import { can } from "#app/domain/authorization.ts";
import { addLifecycleRule } from "#app/domain/lifecycle/add-lifecycle-rule.ts";
import { readLifecycle } from "#app/domain/lifecycle/read-lifecycle.ts";
import { atItsField } from "#app/domain/lifecycle/unkept-condition.ts";
import { readHiddenBytes } from "#app/domain/surveys/read-hidden-bytes.ts";
import { tidyingRuleId } from "#app/domain/surveys/states.ts";
import { findTidyingRules, tidyingFields, tidyingValues } from "#app/domain/surveys/tidying-rule.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { BucketTabs } from "#app/ui/buckets/bucket-tabs.tsx";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ErrorSummary } from "#app/ui/form/error-summary.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { SurveyProgress } from "#app/ui/surveys/survey-progress.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import type { Route } from "./+types/hidden-bytes";
import { hiddenBytesHref } from "./addresses.ts";
import { Measured } from "./measured.tsx";
import { TidyingRule } from "./tidying-rule.tsx";
import { WhyMore } from "./why-more.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const bucketId = uuidOr404(args.params.bucket);
    const [hidden, { atEngine }] = await Promise.all([
      readHiddenBytes(context, bucketId),
      readLifecycle(context, bucketId),
    ]);
    const rules = findTidyingRules(atEngine?.rules ?? []);
    const isActive = context.access.accountState === "active";
    return {
      hidden,
      lifecycle: atEngine && { ...atEngine, rules },
      form: formOf(tidyingFields, tidyingValues(rules)),
      endpoint: publicEndpoint().endpoint,
      canMeasure: isActive && can(context, "buckets:survey"),
      canTidy: isActive && can(context, "buckets:set-lifecycle"),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) =>
      addLifecycleRule(context, { ...input, bucketId: uuidOr404(args.params.bucket) }).catch(
        (error: unknown) => {
          throw atItsField(error);
        },
      ),
    () => redirectWithFlash(hiddenBytesHref(args.params), t("surveys.tidy.done", { rule: tidyingRuleId })),
  );
}

export default function HiddenBytes({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { hidden, lifecycle, endpoint, canMeasure, canTidy } = loaderData;
  const { underWay, survey, kinds, bucketName } = hidden;
  const [form, fields] = useAppForm(loaderData.form, actionData);
  useRefreshWhile(underWay !== null);
  return (
    <>
      <ErrorSummary form={form} />
      <PageHeader
        title={bucketName}
        documentTitle={t("surveys.hidden.documentTitle", { bucket: bucketName })}
        breadcrumbs={[{ label: t("buckets.title"), to: href("/accounts/:account/buckets", params) }]}
        invalid={!form.valid}
      />
      <BucketTabs params={params} />
      {underWay && <SurveyProgress survey={underWay} />}
      <Section
        title={t("surveys.hidden.title")}
        description={t("surveys.hidden.intro")}
        actions={
          canMeasure &&
          !underWay && (
            <AppForm action={href("/accounts/:account/buckets/:bucket/surveys/new", params)}>
              <SubmitButton variant="secondary">
                {survey ? t("surveys.measure.again") : t("surveys.measure.submit")}
              </SubmitButton>
            </AppForm>
          )
        }
      >
        <Measured hidden={hidden} />
      </Section>
      {kinds && <WhyMore hidden={hidden} endpoint={endpoint} />}
      {canTidy && <TidyingRule lifecycle={lifecycle} form={form} fields={fields} params={params} />}
    </>
  );
}
