import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { formatDocument } from "#app/domain/accounts/document.ts";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { resubmitAccount } from "#app/domain/accounts/resubmit-account.ts";
import { resubmitAccountInput } from "#app/domain/accounts/schema.ts";
import { authorize } from "#app/domain/authorization.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { AccountFields } from "#app/ui/form/account-fields.tsx";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/registration";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "accounts:resubmit");
    const { name, document } = await getAccount(context);
    return { form: formOf(resubmitAccountInput, { accountName: name, document: formatDocument(document) }) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, resubmitAccount, () =>
    redirectWithFlash(href("/accounts/:account", args.params), t("accounts.registration.done")),
  );
}

export default function Registration({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <FormPage
      title={t("accounts.registration.title")}
      intro={t("accounts.registration.intro")}
      breadcrumbs={[{ label: t("accounts.overview.title"), to: href("/accounts/:account", params) }]}
      form={form}
    >
      <AccountFields fields={fields} />
      <SubmitButton>{t("accounts.registration.submit")}</SubmitButton>
    </FormPage>
  );
}
