import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { createAccount } from "#app/domain/accounts/create-account.ts";
import { createAccountInput } from "#app/domain/accounts/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { AccountFields } from "#app/ui/form/account-fields.tsx";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/new";

export function loader() {
  return { form: formOf(createAccountInput) };
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, createAccount, ({ slug }) =>
    redirectWithFlash(href("/accounts/:account", { account: slug }), t("accounts.new.done")),
  );
}

export default function NewAccount({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <FormPage
      title={t("accounts.new.title")}
      intro={t("accounts.new.intro")}
      breadcrumbs={[{ label: t("accounts.list.title"), to: "/accounts" }]}
      form={form}
    >
      <AccountFields fields={fields} />
      <SubmitButton>{t("accounts.new.submit")}</SubmitButton>
    </FormPage>
  );
}
