import { useTranslation } from "react-i18next";
import { DomainError } from "#app/domain/errors.ts";
import { confirmSignUp } from "#app/domain/identity/confirm-sign-up.ts";
import { findSignUp } from "#app/domain/identity/find-sign-up.ts";
import { confirmSignUpInput } from "#app/domain/identity/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { signInHeaders } from "#app/http/session.server.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ErrorSummary } from "#app/ui/form/error-summary.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
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
    return { signUp, form: formOf(confirmSignUpInput.omit({ token: true })) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(
    args,
    confirmSignUp,
    async ({ token, locale }) =>
      redirectWithFlash("/accounts", t("auth.verifyEmail.done"), await signInHeaders(token, locale)),
    { token: args.params.token },
  );
}

export default function VerifyEmail({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
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
      <AppForm form={form} className="mt-6 space-y-5">
        <PasswordField field={fields.password} autoComplete="current-password" label={t("auth.password")} />
        <SubmitButton>{t("auth.verifyEmail.submit")}</SubmitButton>
      </AppForm>
    </AuthLayout>
  );
}
