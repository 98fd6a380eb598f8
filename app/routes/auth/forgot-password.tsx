import { useTranslation } from "react-i18next";
import { Link, redirect } from "react-router";
import { requestPasswordReset } from "#app/domain/identity/passwords/request-password-reset.ts";
import { requestPasswordResetInput } from "#app/domain/identity/passwords/schema.ts";
import { inEqualTime } from "#app/http/equal-time.server.ts";
import { formOf } from "#app/http/forms.server.ts";
import { submitWith } from "#app/http/handlers.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import type { Route } from "./+types/forgot-password";

export function loader() {
  return { form: formOf(requestPasswordResetInput) };
}

export function action(args: Route.ActionArgs) {
  return submitWith(
    args,
    (context, input) => inEqualTime(requestPasswordReset(context, input)),
    () => redirect("/forgot-password/sent"),
  );
}

export default function ForgotPassword({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <AuthLayout>
      <FormPage
        title={t("passwords.forgot.title")}
        intro={t("passwords.forgot.intro")}
        form={form}
        footer={<Link to="/login">{t("passwords.forgot.back")}</Link>}
      >
        <TextField field={fields.email} type="email" autoComplete="username" label={t("auth.email")} />
        <SubmitButton>{t("passwords.forgot.submit")}</SubmitButton>
      </FormPage>
    </AuthLayout>
  );
}
