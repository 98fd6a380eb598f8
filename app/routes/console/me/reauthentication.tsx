import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { readSecurity } from "#app/domain/identity/second-factor/read-security.ts";
import { reauthenticate } from "#app/domain/identity/second-factor/reauthenticate.ts";
import { reauthenticateInput } from "#app/domain/identity/second-factor/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, ownPath, submit } from "#app/http/handlers.server.ts";
import { signedInRedirect } from "#app/http/session.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { CodeField } from "#app/ui/identity/code-field.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { ProviderForm } from "#app/ui/sign-in/provider-buttons.tsx";
import type { Route } from "./+types/reauthentication";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const { email, hasPassword, secondFactorSince, identities } = await readSecurity(context);
    const usable = identities.filter(({ isUsable }) => isUsable);
    return {
      email,
      hasPassword,
      hasSecondFactor: secondFactorSince !== null,
      // Two identities at one provider: it asks itself who they are.
      providers: [...new Map(usable.map(({ id, name }) => [id, { id, name }])).values()],
      form: formOf(reauthenticateInput.required()),
      goOn: ownPath(args.url.searchParams.get("returnTo"), "/me/security"),
    };
  });
}

export function action(args: Route.ActionArgs) {
  return submit(args, reauthenticate, (session) =>
    signedInRedirect(session, ownPath(args.url.searchParams.get("returnTo"), "/me/security")),
  );
}

export default function Reauthentication({ loaderData, actionData }: Route.ComponentProps) {
  return loaderData.hasPassword ? (
    <ByPassword loaderData={loaderData} refusal={actionData} />
  ) : (
    <ByProvider loaderData={loaderData} />
  );
}

type Props = Pick<Route.ComponentProps, "loaderData">;

function ByPassword({ loaderData, refusal }: Props & { refusal: Parameters<typeof useAppForm>[1] }) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, refusal);
  return (
    <FormPage title={t("secondFactor.again.title")} intro={t("secondFactor.again.intro")} form={form}>
      {/* For the password manager, which looks for whose password it is. */}
      <input
        type="text"
        name="username"
        autoComplete="username"
        defaultValue={loaderData.email}
        hidden
        readOnly
      />
      <PasswordField field={fields.password} autoComplete="current-password" label={t("auth.password")} />
      {loaderData.hasSecondFactor && (
        <CodeField
          field={fields.code}
          label={t("secondFactor.code")}
          hint={t("secondFactor.codeOrRecovery")}
        />
      )}
      <SubmitButton>{t("secondFactor.again.submit")}</SubmitButton>
    </FormPage>
  );
}

/** Who has no password proves it where they sign in. A second factor is asked for afterwards, as at any sign-in. */
function ByProvider({ loaderData: { providers, goOn } }: Props) {
  const { t } = useTranslation();
  return (
    <div className="max-w-xl">
      <PageHeader title={t("secondFactor.again.title")} description={t("secondFactor.again.intro")} />
      <p>{t(providers.length > 0 ? "secondFactor.again.byProviderText" : "secondFactor.again.noWay")}</p>
      {providers.length > 0 ? (
        <ul className="mt-4 space-y-2">
          {providers.map((provider) => (
            <li key={provider.id}>
              <ProviderForm
                provider={provider}
                purpose="reauthenticate"
                returnTo={goOn}
                variant="primary"
                label={t("secondFactor.again.byProvider", { provider: provider.name })}
              />
            </li>
          ))}
        </ul>
      ) : (
        <p className="mt-4">
          <Link to="/forgot-password">{t("secondFactor.again.setPassword")}</Link>
        </p>
      )}
    </div>
  );
}
