import { useTranslation } from "react-i18next";
import { DomainError } from "#app/domain/errors.ts";
import { completeSetupInput } from "#app/domain/identity/schema.ts";
import { completeSetup } from "#app/domain/identity/staff/complete-setup.ts";
import { isSetupTokenValid } from "#app/domain/identity/staff/setup-token.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submit } from "#app/http/handlers.server.ts";
import { signedInRedirect } from "#app/http/session.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import type { Route } from "./+types/setup";

export function loader(args: Route.LoaderArgs) {
  return load(args, async () => {
    if (!(await isSetupTokenValid(args.params.token))) throw new DomainError("link-invalid");
    return { form: formOf(completeSetupInput.omit({ token: true })) };
  });
}

export function action(args: Route.ActionArgs) {
  return submit(args, completeSetup, (session) => signedInRedirect(session, "/admin"), {
    token: args.params.token,
  });
}

export default function Setup({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <AuthLayout>
      <FormPage title={t("auth.setup.title")} intro={t("auth.setup.intro")} form={form}>
        <TextField field={fields.name} autoComplete="name" label={t("auth.name")} />
        <TextField field={fields.email} type="email" autoComplete="username" label={t("auth.email")} />
        <PasswordField
          field={fields.password}
          autoComplete="new-password"
          label={t("auth.password")}
          hint={t("auth.passwordHint")}
        />
        <SubmitButton>{t("auth.setup.submit")}</SubmitButton>
      </FormPage>
    </AuthLayout>
  );
}
