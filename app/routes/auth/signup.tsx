import { useTranslation } from "react-i18next";
import { Link, redirect } from "react-router";
import { listProviders } from "#app/domain/identity/providers/providers.ts";
import { signUpInput } from "#app/domain/identity/schema.ts";
import { signUp } from "#app/domain/identity/sign-up/sign-up.ts";
import { visitContext } from "#app/http/context.ts";
import { formOf } from "#app/http/forms.server.ts";
import { submit } from "#app/http/handlers.server.ts";
import { AccountFields } from "#app/ui/form/account-fields.tsx";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { ProviderButtons } from "#app/ui/sign-in/provider-buttons.tsx";
import type { Route } from "./+types/signup";

export function loader({ context }: Route.LoaderArgs) {
  if (context.get(visitContext).user) throw redirect("/accounts/new");
  return { form: formOf(signUpInput), providers: listProviders() };
}

export function action(args: Route.ActionArgs) {
  return submit(args, signUp, () => redirect("/signup/sent"));
}

export default function SignUp({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <AuthLayout>
      <FormPage
        title={t("auth.signup.title")}
        intro={t("auth.signup.intro")}
        form={form}
        footer={
          <p>
            {t("auth.signup.hasAccount")} <Link to="/login">{t("auth.signup.logIn")}</Link>
          </p>
        }
      >
        <TextField field={fields.name} autoComplete="name" label={t("auth.name")} />
        <TextField
          field={fields.email}
          type="email"
          autoComplete="username"
          label={t("auth.email")}
          hint={t("auth.signup.emailHint")}
        />
        <PasswordField
          field={fields.password}
          autoComplete="new-password"
          label={t("auth.password")}
          hint={t("auth.passwordHint")}
        />
        <AccountFields fields={fields} />
        <SubmitButton>{t("auth.signup.submit")}</SubmitButton>
      </FormPage>
      <ProviderButtons providers={loaderData.providers} />
    </AuthLayout>
  );
}
