import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { readSettings } from "#app/domain/accounts/read-settings.ts";
import { requireSecondFactor } from "#app/domain/accounts/require-second-factor.ts";
import { requireSecondFactorInput } from "#app/domain/accounts/schema.ts";
import { authorize } from "#app/domain/authorization.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { withReturnTo } from "#app/http/session.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import type { Route } from "./+types/second-factor";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "accounts:require-second-factor");
    const settings = await readSettings(context);
    const here = href("/accounts/:account/settings/second-factor", args.params);
    return {
      ...settings,
      form: formOf(requireSecondFactorInput, {
        secondFactor: settings.requireSecondFactor ? "required" : "optional",
      }),
      setUp: withReturnTo("/me/security/second-factor/new", here),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, requireSecondFactor, ({ required }) =>
    redirectWithFlash(
      href("/accounts/:account/settings", args.params),
      t(required ? "secondFactor.settings.nowRequired" : "secondFactor.settings.nowOptional"),
    ),
  );
}

export default function RequireSecondFactor({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { hasSecondFactor, membersWithout, requireSecondFactor, setUp } = loaderData;
  return (
    <FormPage
      title={t("secondFactor.settings.page")}
      intro={t("secondFactor.settings.pageIntro")}
      breadcrumbs={[
        { label: t("secondFactor.settings.title"), to: href("/accounts/:account/settings", params) },
      ]}
      form={form}
    >
      {!hasSecondFactor && (
        <Notice tone="warning" title={t("secondFactor.settings.ownFirst")}>
          <Link to={setUp}>{t("secondFactor.settings.ownFirstLink")}</Link>
        </Notice>
      )}
      {!requireSecondFactor && membersWithout > 0 && (
        <Notice title={t("secondFactor.settings.withoutCount", { count: membersWithout })}>
          {t("secondFactor.settings.withoutText")}
        </Notice>
      )}
      <RadioGroupField
        field={fields.secondFactor}
        label={t("secondFactor.security.secondFactor")}
        options={[
          {
            value: "optional",
            label: t("secondFactor.settings.optional"),
            hint: t("secondFactor.settings.optionalHint"),
          },
          {
            value: "required",
            label: t("secondFactor.settings.required"),
            hint: t("secondFactor.settings.requiredHint"),
          },
        ]}
      />
      <SubmitButton>{t("secondFactor.settings.submit")}</SubmitButton>
    </FormPage>
  );
}
