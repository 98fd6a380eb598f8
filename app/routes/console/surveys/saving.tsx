import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { getBucket } from "#app/domain/buckets/read-buckets.ts";
import type { Context } from "#app/domain/context.ts";
import { DomainError } from "#app/domain/errors.ts";
import { addLifecycleRule } from "#app/domain/lifecycle/add-lifecycle-rule.ts";
import { changeLifecycleRule } from "#app/domain/lifecycle/change-lifecycle-rule.ts";
import { getSurvey } from "#app/domain/surveys/read-surveys.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Card } from "#app/ui/layout/section.tsx";
import type { Route } from "./+types/saving";
import { type ChangedRule, changedRuleOf, ruleFormHref, surveyHref } from "./addresses.ts";
import { SurveyFacts } from "./survey-facts.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:set-lifecycle");
    const { bucket, survey } = args.params;
    const [{ name }, { values, survey: found }] = await Promise.all([
      getBucket(context, uuidOr404(bucket)),
      getPreview(context, uuidOr404(bucket), uuidOr404(survey)),
    ]);
    return { bucketName: name, survey: found, values, changed: changedRuleOf(args.url.searchParams) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const { bucket, survey } = args.params;
  return submitWith(
    args,
    async (context) => {
      const bucketId = uuidOr404(bucket);
      const { values } = await getPreview(context, bucketId, uuidOr404(survey));
      await saveRule(context, { ...values, bucketId }, changedRuleOf(args.url.searchParams));
    },
    () =>
      redirectWithFlash(
        href("/accounts/:account/buckets/:bucket/lifecycle", args.params),
        t("surveys.saving.done"),
      ),
  );
}

/** A survey that has no rule has nothing to save. */
async function getPreview(context: Context, bucketId: string, surveyId: string) {
  const survey = await getSurvey(context, bucketId, surveyId);
  if (!survey.rule) throw new DomainError("not-found");
  return { survey, values: survey.rule.values };
}

function saveRule(context: Context, input: Record<string, unknown>, changed: ChangedRule | null) {
  if (!changed) return addLifecycleRule(context, input);
  const { id: ruleId, fingerprint } = changed;
  return changeLifecycleRule(context, { ...input, ruleId, fingerprint });
}

export default function SaveRule({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { bucketName, survey, values, changed } = loaderData;
  const here = surveyHref(params, changed, "/saving");
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData, here);
  return (
    <FormPage
      title={t("surveys.saving.title")}
      intro={t("surveys.saving.intro")}
      breadcrumbs={[
        { label: t("buckets.title"), to: href("/accounts/:account/buckets", params) },
        { label: bucketName, to: href("/accounts/:account/buckets/:bucket", params) },
        { label: t("surveys.survey.previewTitle"), to: surveyHref(params, changed) },
      ]}
      form={form}
      action={here}
    >
      <Card>
        <SurveyFacts survey={survey} />
      </Card>
      <div className="flex flex-wrap gap-3">
        <SubmitButton>{t("surveys.saving.submit")}</SubmitButton>
        <ButtonLink to={ruleFormHref(params, values, changed)}>{t("surveys.effects.back")}</ButtonLink>
      </div>
    </FormPage>
  );
}
