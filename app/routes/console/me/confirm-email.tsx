import { useTranslation } from "react-i18next";
import { confirmEmailChange, getEmailChange } from "#app/domain/identity/email/confirm-email-change.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { signedInMiddleware } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import type { Route } from "./+types/confirm-email";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware];

/** Reading the link changes nothing: mail scanners follow links, too. */
export function loader(args: Route.LoaderArgs) {
  return load(args, (context) => getEmailChange(context, args.params.token));
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => confirmEmailChange(context, { token: args.params.token }),
    ({ newEmail }) =>
      redirectWithFlash("/me/security", t("passwords.confirmEmail.done", { email: newEmail })),
  );
}

export default function ConfirmEmail({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const { oldEmail, newEmail } = loaderData;
  return (
    <AuthLayout>
      <FormPage
        title={t("passwords.confirmEmail.title")}
        intro={t("passwords.confirmEmail.intro")}
        form={form}
      >
        <DescriptionList
          items={[
            { term: t("passwords.confirmEmail.old"), details: oldEmail },
            { term: t("passwords.confirmEmail.new"), details: newEmail },
          ]}
        />
        <SubmitButton>{t("passwords.confirmEmail.submit")}</SubmitButton>
      </FormPage>
    </AuthLayout>
  );
}
