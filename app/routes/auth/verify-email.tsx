import { useTranslation } from "react-i18next";
import { DomainError } from "#app/domain/errors.ts";
import { providerName } from "#app/domain/identity/providers/providers.ts";
import { confirmSignUpInput } from "#app/domain/identity/schema.ts";
import { confirmSignUp } from "#app/domain/identity/sign-up/confirm-sign-up.ts";
import { findSignUp } from "#app/domain/identity/sign-up/find-sign-up.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submit, withFlash } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { signedInRedirect } from "#app/http/session.server.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ErrorSummary } from "#app/ui/form/error-summary.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { ProviderForm } from "#app/ui/sign-in/provider-buttons.tsx";
import type { Route } from "./+types/verify-email";

/** Reading the link changes nothing: mail scanners follow links, too. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async () => {
    const signUp = await findSignUp(args.params.token);
    if (!signUp) throw new DomainError("link-invalid");
    const { provider: id } = signUp;
    const provider = id === null ? null : { id, name: providerName(id) };
    return { signUp, provider, form: formOf(confirmSignUpInput.omit({ token: true })) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(
    args,
    confirmSignUp,
    async (session) => withFlash(await signedInRedirect(session, "/accounts"), t("auth.verifyEmail.done")),
    { token: args.params.token },
  );
}

export default function VerifyEmail({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { provider } = loaderData;
  const { name, email, accountName } = loaderData.signUp;
  return (
    <AuthLayout>
      <ErrorSummary form={form} />
      <PageHeader
        title={t("auth.verifyEmail.title")}
        description={
          provider ? t("identities.confirm.intro", { provider: provider.name }) : t("auth.verifyEmail.intro")
        }
      />
      <DescriptionList
        items={[
          { term: t("auth.name"), details: name },
          { term: t("auth.email"), details: email },
          { term: t("accounts.name"), details: accountName },
        ]}
      />
      {provider ? (
        <div className="mt-6">
          <ProviderForm
            provider={provider}
            purpose="confirm-sign-up"
            signUpToken={params.token}
            variant="primary"
            label={t("identities.confirm.submit", { provider: provider.name })}
          />
        </div>
      ) : (
        <AppForm form={form} className="mt-6 space-y-5">
          <PasswordField field={fields.password} autoComplete="current-password" label={t("auth.password")} />
          <SubmitButton>{t("auth.verifyEmail.submit")}</SubmitButton>
        </AppForm>
      )}
    </AuthLayout>
  );
}
