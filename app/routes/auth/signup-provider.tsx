import { useTranslation } from "react-i18next";
import { Link, redirect } from "react-router";
import { provenEmail, providerName } from "#app/domain/identity/providers/providers.ts";
import { identitySignUpFields } from "#app/domain/identity/providers/schema.ts";
import { signUpWithIdentity } from "#app/domain/identity/providers/sign-up-with-identity.ts";
import { leaveFlash } from "#app/http/flash.server.ts";
import { formOf } from "#app/http/forms.server.ts";
import { submitWith, withFlash } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { signedInRedirect } from "#app/http/session.server.ts";
import {
  clearPendingIdentity,
  readPendingIdentity,
} from "#app/http/sign-in-providers/pending-identity.server.ts";
import { AccountFields } from "#app/ui/form/account-fields.tsx";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import type { Route } from "./+types/signup-provider";

export async function loader(args: Route.LoaderArgs) {
  const identity = await pendingIdentity(args);
  const { name, email, provider } = identity;
  return {
    form: formOf(identitySignUpFields, { name: name ?? "", email: email ?? "" }),
    providerName: providerName(provider),
    provenEmail: provenEmail(identity),
  };
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    async (context, form) => {
      const identity = await pendingIdentity(args);
      const email = provenEmail(identity) ?? form.email;
      return signUpWithIdentity(context, { ...form, email, identity });
    },
    async ({ session }) => {
      const response = session
        ? await withFlash(await signedInRedirect(session, "/accounts"), t("identities.signUp.done"))
        : redirect("/signup/sent");
      response.headers.append("Set-Cookie", await clearPendingIdentity());
      return response;
    },
  );
}

/** Who came from a provider a moment ago; others sign in first. */
async function pendingIdentity({ request, context }: Pick<Route.LoaderArgs, "request" | "context">) {
  const identity = await readPendingIdentity(request);
  if (identity) return identity;
  const text = translator(context)("identities.signUp.expired");
  throw redirect("/login", { headers: { "Set-Cookie": await leaveFlash({ tone: "warning", text }) } });
}

export default function SignUpFromProvider({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const names = { provider: loaderData.providerName };
  return (
    <AuthLayout>
      <FormPage
        title={t("identities.signUp.title")}
        intro={t("identities.signUp.intro", names)}
        form={form}
        footer={
          <p>
            {t("identities.signUp.hasUser")} {t("identities.signUp.hasUserAdvice", names)}{" "}
            <Link to="/login">{t("identities.signUp.signIn")}</Link>
          </p>
        }
      >
        <TextField field={fields.name} autoComplete="name" label={t("auth.name")} />
        {loaderData.provenEmail ? (
          <DescriptionList
            items={[
              {
                term: t("auth.email"),
                details: (
                  <>
                    {loaderData.provenEmail}
                    <p className="text-sm text-muted">{t("identities.signUp.emailProven", names)}</p>
                  </>
                ),
              },
            ]}
          />
        ) : (
          <TextField
            field={fields.email}
            type="email"
            autoComplete="username"
            label={t("auth.email")}
            hint={t("identities.signUp.emailHint")}
          />
        )}
        <AccountFields fields={fields} />
        <SubmitButton>{t("identities.signUp.submit")}</SubmitButton>
      </FormPage>
    </AuthLayout>
  );
}
