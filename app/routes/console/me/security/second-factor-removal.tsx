import { useTranslation } from "react-i18next";
import { redirect } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { disableSecondFactor } from "#app/domain/identity/second-factor/disable-second-factor.ts";
import { readSecurity } from "#app/domain/identity/second-factor/read-security.ts";
import { isRequired } from "#app/domain/identity/second-factor/requirement.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import type { Route } from "./+types/second-factor-removal";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "users:disable-second-factor");
    const { secondFactorSince, requirement } = await readSecurity(context);
    if (!secondFactorSince) throw redirect("/me/security");
    return { isRequired: isRequired(requirement) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, disableSecondFactor, () =>
    redirectWithFlash("/me/security", t("secondFactor.removal.done")),
  );
}

export default function RemoveSecondFactor({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const title = t("secondFactor.removal.title");
  const breadcrumbs = [{ label: t("secondFactor.security.title"), to: "/me/security" }];
  if (loaderData.isRequired) {
    return (
      <div className="max-w-xl space-y-5">
        <PageHeader title={title} breadcrumbs={breadcrumbs} />
        <Notice title={t("secondFactor.required.title")}>{t("secondFactor.removal.needed")}</Notice>
        <ButtonLink to="/me/security/second-factor/new">{t("secondFactor.security.replace")}</ButtonLink>
      </div>
    );
  }
  return (
    <FormPage title={title} intro={t("secondFactor.removal.intro")} breadcrumbs={breadcrumbs} form={form}>
      <SubmitButton variant="danger">{t("secondFactor.removal.submit")}</SubmitButton>
    </FormPage>
  );
}
