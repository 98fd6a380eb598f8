import { useTranslation } from "react-i18next";
import { changePassword, readPasswordState } from "#app/domain/identity/passwords/change-password.ts";
import { changePasswordInput, setPasswordInput } from "#app/domain/identity/passwords/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { UsernameHint } from "#app/ui/form/username-hint.tsx";
import type { Route } from "./+types/password";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const { email, hasPassword } = await readPasswordState(context);
    return { email, hasPassword, form: formOf(hasPassword ? changePasswordInput : setPasswordInput) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, changePassword, () => redirectWithFlash("/me/security", t("passwords.change.done")));
}

export default function ChangePassword({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { email, hasPassword } = loaderData;
  const [form] = useAppForm(loaderData.form, actionData);
  return (
    <FormPage
      title={t(hasPassword ? "passwords.change.title" : "passwords.change.firstTitle")}
      intro={t(hasPassword ? "passwords.change.intro" : "passwords.change.firstIntro")}
      breadcrumbs={[{ label: t("passwords.security"), to: "/me/security" }]}
      form={form}
    >
      <UsernameHint email={email} />
      {hasPassword && (
        <PasswordField
          field={form.field("currentPassword")}
          autoComplete="current-password"
          label={t("passwords.currentPassword")}
        />
      )}
      <PasswordField
        field={form.field("newPassword")}
        autoComplete="new-password"
        label={t("passwords.newPassword")}
        hint={t("auth.passwordHint")}
      />
      <SubmitButton>{t("passwords.change.submit")}</SubmitButton>
    </FormPage>
  );
}
