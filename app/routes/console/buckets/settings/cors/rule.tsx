import { useTranslation } from "react-i18next";
import { data, href, Link } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { fingerprintOf } from "#app/domain/bucket-settings/fingerprint.ts";
import { readCors } from "#app/domain/bucket-settings/read-settings.ts";
import { replaceCorsRule } from "#app/domain/bucket-settings/replace-cors-rule.ts";
import { replaceCorsRuleInput } from "#app/domain/bucket-settings/schema.ts";
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
import type { Route } from "./+types/rule";
import { RuleGone } from "./rule-details.tsx";
import { RuleFields } from "./rule-fields.tsx";
import { positionOf } from "./rule-position.ts";

export async function loader(args: Route.LoaderArgs) {
  const page = await load(args, async (context) => {
    authorize(context, "buckets:set-cors");
    const position = positionOf(args.url);
    const { name, cors } = await readCors(context, uuidOr404(args.params.bucket));
    const rule = cors.standing === "known" ? cors.value[position - 1] : undefined;
    return {
      name,
      position,
      standing: cors.standing,
      isGone: cors.standing === "known" && !rule,
      form: formOf(replaceCorsRuleInput.omit({ bucketId: true, position: true }), {
        fingerprint: fingerprintOf(rule),
        name: rule?.id,
        origins: rule?.allowedOrigins.join("\n"),
        methods: rule?.allowedMethods,
        headers: rule?.allowedHeaders?.join("\n"),
        exposeHeaders: rule?.exposeHeaders?.join("\n"),
        maxAgeSeconds: rule?.maxAgeSeconds,
      }),
    };
  });
  return data(page, { status: page.isGone ? 404 : 200 });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) =>
      replaceCorsRule(context, {
        ...input,
        bucketId: uuidOr404(args.params.bucket),
        position: positionOf(args.url),
      }),
    () =>
      redirectWithFlash(
        href("/accounts/:account/buckets/:bucket/cors", args.params),
        t("bucketSettings.cors.changed"),
      ),
  );
}

export default function EditCorsRule({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { name, position, standing, isGone } = loaderData;
  const title = t("bucketSettings.cors.editRule", { position });
  const breadcrumbs = corsBreadcrumbs(t, params, name);
  const list = href("/accounts/:account/buckets/:bucket/cors", params);
  // What was typed is shown again, whatever became of the rule meanwhile.
  if (!actionData && standing !== "known")
    return <SettingUnread title={title} breadcrumbs={breadcrumbs} standing={standing} />;
  if (!actionData && isGone) return <RuleGone title={title} breadcrumbs={breadcrumbs} list={list} />;

  return (
    <FormPage
      title={title}
      breadcrumbs={breadcrumbs}
      form={form}
      footer={actionData && <Link to={list}>{t("bucketSettings.cors.asTheyAre")}</Link>}
    >
      <HiddenField field={fields.fingerprint} />
      <RuleFields fields={fields} />
      <SubmitButton>{t("bucketSettings.cors.save")}</SubmitButton>
    </FormPage>
  );
}
