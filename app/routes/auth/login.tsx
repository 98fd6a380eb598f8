import { useTranslation } from "react-i18next";
import { Link, redirect } from "react-router";
import { listProviders } from "#app/domain/identity/providers/providers.ts";
import { logInInput } from "#app/domain/identity/schema.ts";
import { signInWithForm } from "#app/http/authenticator.server.ts";
import { visitContext } from "#app/http/context.ts";
import { formOf } from "#app/http/forms.server.ts";
import { ownPath, submitWith } from "#app/http/handlers.server.ts";
import { withKnownDevice } from "#app/http/known-devices.server.ts";
import { signedInRedirect } from "#app/http/session.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { ProviderButtons } from "#app/ui/sign-in/provider-buttons.tsx";
import type { Route } from "./+types/login";

export function loader({ context, url }: Route.LoaderArgs) {
  const { user, expiredUserId } = context.get(visitContext);
  if (user) throw redirect(ownPath(url.searchParams.get("returnTo"), "/"));
  return { sessionEnded: expiredUserId !== null, form: formOf(logInInput), providers: listProviders() };
}

export function action(args: Route.ActionArgs) {
  return submitWith(
    args,
    () => signInWithForm(args),
    async (session) => {
      const to = ownPath(args.url.searchParams.get("returnTo"), "/");
      const response = await signedInRedirect(session, to);
      // With a password alone nobody is known yet.
      return session.secondFactorDue ? response : withKnownDevice(response, args.request, session.userId);
    },
  );
}

export default function LogIn({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <AuthLayout>
      <FormPage
        title={t("auth.login.title")}
        intro={loaderData.sessionEnded && t("passwords.login.sessionEnded")}
        form={form}
        footer={
          <>
            <p>
              <Link to="/forgot-password">{t("passwords.login.forgot")}</Link>
            </p>
            <p className="mt-3">
              {t("auth.login.noAccount")} <Link to="/signup">{t("auth.login.signUp")}</Link>
            </p>
          </>
        }
      >
        <TextField field={fields.email} type="email" autoComplete="username" label={t("auth.email")} />
        <PasswordField field={fields.password} autoComplete="current-password" label={t("auth.password")} />
        <SubmitButton>{t("auth.login.submit")}</SubmitButton>
      </FormPage>
      <ProviderButtons providers={loaderData.providers} />
    </AuthLayout>
  );
}
