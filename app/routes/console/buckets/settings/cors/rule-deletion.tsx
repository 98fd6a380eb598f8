import { useTranslation } from "react-i18next";
import { data, href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { deleteCorsRule } from "#app/domain/bucket-settings/delete-cors-rule.ts";
import { fingerprintOf } from "#app/domain/bucket-settings/fingerprint.ts";
import { readCors } from "#app/domain/bucket-settings/read-settings.ts";
import { deleteCorsRuleInput } from "#app/domain/bucket-settings/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { corsBreadcrumbs } from "../setting-breadcrumbs.ts";
import { SettingUnread } from "../setting-unread.tsx";
import type { Route } from "./+types/rule-deletion";
import { RuleDetails, RuleGone } from "./rule-details.tsx";
import { positionOf } from "./rule-position.ts";

export async function loader(args: Route.LoaderArgs) {
  const page = await load(args, async (context) => {
    authorize(context, "buckets:set-cors");
    const position = positionOf(args.url);
    const { name, cors } = await readCors(context, uuidOr404(args.params.bucket));
    const rule = cors.standing === "known" ? (cors.value[position - 1] ?? null) : null;
    return {
      name,
      position,
      standing: cors.standing,
      rule,
      fingerprint: fingerprintOf(rule),
      form: formOf(deleteCorsRuleInput.pick({ fingerprint: true })),
    };
  });
  return data(page, { status: page.standing === "known" && !page.rule ? 404 : 200 });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, { fingerprint }) =>
      deleteCorsRule(context, {
        fingerprint,
        bucketId: uuidOr404(args.params.bucket),
        position: positionOf(args.url),
      }),
    () =>
      redirectWithFlash(
        href("/accounts/:account/buckets/:bucket/cors", args.params),
        t("bucketSettings.cors.deleted"),
      ),
  );
}

export default function DeleteCorsRule({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { name, position, standing, rule, fingerprint } = loaderData;
  const title = t("bucketSettings.cors.deleteRule", { position });
  const breadcrumbs = corsBreadcrumbs(t, params, name);
  if (standing !== "known")
    return <SettingUnread title={title} breadcrumbs={breadcrumbs} standing={standing} />;
  if (!rule) {
    const list = href("/accounts/:account/buckets/:bucket/cors", params);
    return <RuleGone title={title} breadcrumbs={breadcrumbs} list={list} />;
  }

  return (
    <FormPage
      title={title}
      intro={t("bucketSettings.cors.deleteIntro")}
      breadcrumbs={breadcrumbs}
      form={form}
    >
      <RuleDetails rule={rule} />
      {/* Of the rule that is shown now: after a refusal, that is another one than was asked for. */}
      <HiddenField field={fields.fingerprint} value={fingerprint} />
      <SubmitButton variant="danger">{t("bucketSettings.cors.submitDeletion")}</SubmitButton>
    </FormPage>
  );
}
