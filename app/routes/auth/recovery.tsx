import { useTranslation } from "react-i18next";
import { DomainError } from "#app/domain/errors.ts";
import { completeRecovery, findRecovery } from "#app/domain/identity/staff/recover-operator.ts";
import { completeRecoveryInput } from "#app/domain/identity/staff/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submit } from "#app/http/handlers.server.ts";
import { signedInRedirect, withReturnTo } from "#app/http/session.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import type { Route } from "./+types/recovery";

/** Reading the link changes nothing. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async () => {
    const user = await findRecovery(args.params.token);
    if (!user) throw new DomainError("link-invalid");
    return { user, form: formOf(completeRecoveryInput.omit({ token: true })) };
  });
}

/** The second factor is gone, and the operators' pages are closed without one. */
export function action(args: Route.ActionArgs) {
  const next = withReturnTo("/me/security/second-factor/new", "/admin");
  return submit(args, completeRecovery, (session) => signedInRedirect(session, next), {
    token: args.params.token,
  });
}

export default function Recovery({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { name, email } = loaderData.user;
  return (
    <AuthLayout>
      <FormPage title={t("users.recovery.title")} intro={t("users.recovery.intro")} form={form}>
        <DescriptionList
          items={[
            { term: t("admin.account.memberName"), details: name },
            { term: t("auth.email"), details: <span className="wrap-anywhere">{email}</span> },
          ]}
        />
        <PasswordField
          field={fields.password}
          autoComplete="new-password"
          label={t("users.recovery.password")}
          hint={t("auth.passwordHint")}
        />
        <SubmitButton>{t("users.recovery.submit")}</SubmitButton>
      </FormPage>
    </AuthLayout>
  );
}
