import { useTranslation } from "react-i18next";
import { DomainError } from "#app/domain/errors.ts";
import { confirmSignUp } from "#app/domain/identity/confirm-sign-up.ts";
import { findSignUp } from "#app/domain/identity/find-sign-up.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ErrorSummary } from "#app/ui/form/error-summary.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import type { Route } from "./+types/verify-email";

/** Reading the link changes nothing: mail scanners follow links, too. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async () => {
    const signUp = await findSignUp(args.params.token);
    if (!signUp) throw new DomainError("link-invalid");
    return { signUp, form: { constraint: {}, defaultValue: {} } };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, confirmSignUp, () => redirectWithFlash("/login", t("auth.verifyEmail.done")), {
    token: args.params.token,
  });
}

export default function VerifyEmail({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm(loaderData.form, actionData);
  const { name, email, accountName } = loaderData.signUp;
  return (
    <AuthLayout>
      <ErrorSummary form={form} />
      <PageHeader title={t("auth.verifyEmail.title")} description={t("auth.verifyEmail.intro")} />
      <DescriptionList
        items={[
          { term: t("auth.name"), details: name },
          { term: t("auth.email"), details: email },
          { term: t("accounts.name"), details: accountName },
        ]}
      />
      <AppForm form={form} className="mt-6">
        <SubmitButton>{t("auth.verifyEmail.submit")}</SubmitButton>
      </AppForm>
    </AuthLayout>
  );
}
