import { useTranslation } from "react-i18next";
import { Link, redirect } from "react-router";
import { DomainError } from "#app/domain/errors.ts";
import { verifySecondFactorInput } from "#app/domain/identity/second-factor/schema.ts";
import { verifySecondFactor } from "#app/domain/identity/second-factor/verify-second-factor.ts";
import { visitContext } from "#app/http/context.ts";
import { leaveFlash } from "#app/http/flash.server.ts";
import { formOf } from "#app/http/forms.server.ts";
import { ownPath, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { readKnownDevices, withKnownDevice } from "#app/http/known-devices.server.ts";
import { signedInRedirect, withReturnTo } from "#app/http/session.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { CodeField } from "#app/ui/identity/code-field.tsx";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import type { Route } from "./+types/second-factor";

/** The second step of signing in, for who has done the first. */
export function loader({ context, url }: Route.LoaderArgs) {
  const { user, secondFactorDue } = context.get(visitContext);
  const to = ownPath(url.searchParams.get("returnTo"), "/");
  if (user) throw redirect(to);
  const signIn = withReturnTo("/login", to);
  if (!secondFactorDue) throw redirect(signIn);
  return { form: formOf(verifySecondFactorInput.pick({ code: true })), signIn };
}

export function action(args: Route.ActionArgs) {
  const { user, secondFactorDue } = args.context.get(visitContext);
  const to = ownPath(args.url.searchParams.get("returnTo"), "/");
  return submitWith(
    args,
    async (context, { code }) => {
      // Done already, by a first click or in another tab.
      if (user) throw redirect(to);
      if (!secondFactorDue) throw redirect(withReturnTo("/login", to));
      const devices = await readKnownDevices(args.request);
      return verifySecondFactor(context, { ...secondFactorDue, code, devices }).catch((error: unknown) =>
        beginAnew(error, args.context, to),
      );
    },
    async (session) => withKnownDevice(await signedInRedirect(session, to), args.request, session.userId),
  );
}

/** Too many wrong codes, or too late: the password is asked for again. */
async function beginAnew(error: unknown, context: Route.ActionArgs["context"], to: string): Promise<never> {
  if (!(error instanceof DomainError) || error.code !== "sign-in-over") throw error;
  const text = translator(context)("secondFactor.verify.over");
  throw redirect(withReturnTo("/login", to), {
    headers: { "Set-Cookie": await leaveFlash({ tone: "warning", text }) },
  });
}

export default function VerifySecondFactor({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <AuthLayout>
      <FormPage
        title={t("secondFactor.verify.title")}
        intro={t("secondFactor.verify.intro")}
        form={form}
        footer={
          <div className="space-y-4">
            <details>
              <summary className="min-h-6 text-accent">{t("secondFactor.verify.lost")}</summary>
              <div className="mt-2 space-y-2">
                <p>{t("secondFactor.verify.lostText")}</p>
                <p>{t("secondFactor.verify.lostOperator")}</p>
              </div>
            </details>
            <p>
              <Link to={loaderData.signIn}>{t("secondFactor.verify.somebodyElse")}</Link>
            </p>
          </div>
        }
      >
        <CodeField
          field={fields.code}
          label={t("secondFactor.code")}
          hint={t("secondFactor.codeOrRecovery")}
        />
        <SubmitButton>{t("secondFactor.verify.submit")}</SubmitButton>
      </FormPage>
    </AuthLayout>
  );
}
