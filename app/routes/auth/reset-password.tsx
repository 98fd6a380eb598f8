import { useTranslation } from "react-i18next";
import { DomainError } from "#app/domain/errors.ts";
import { findPasswordReset, resetPassword } from "#app/domain/identity/passwords/reset-password.ts";
import { resetPasswordInput } from "#app/domain/identity/passwords/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submit, withFlash } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { withKnownDevice } from "#app/http/known-devices.server.ts";
import { signedInRedirect } from "#app/http/session.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { UsernameHint } from "#app/ui/form/username-hint.tsx";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import type { Route } from "./+types/reset-password";

/** Reading the link changes nothing: mail scanners follow links, too. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async () => {
    const reset = await findPasswordReset(args.params.token);
    if (!reset) throw new DomainError("link-invalid");
    return { email: reset.email, form: formOf(resetPasswordInput.omit({ token: true })) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(
    args,
    resetPassword,
    async (session) => {
      const response = await withFlash(await signedInRedirect(session, "/"), t("passwords.reset.done"));
      return session.secondFactorDue ? response : withKnownDevice(response, args.request, session.userId);
    },
    { token: args.params.token },
  );
}

export default function ResetPassword({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <AuthLayout>
      <FormPage
        title={t("passwords.reset.title")}
        intro={t("passwords.reset.intro", { email: loaderData.email })}
        form={form}
      >
        <UsernameHint email={loaderData.email} />
        <PasswordField
          field={fields.password}
          autoComplete="new-password"
          label={t("passwords.newPassword")}
          hint={t("auth.passwordHint")}
        />
        <SubmitButton>{t("passwords.reset.submit")}</SubmitButton>
      </FormPage>
    </AuthLayout>
  );
}
