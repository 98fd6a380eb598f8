import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { getAccountForStaff } from "#app/domain/accounts/read-accounts.ts";
import { rejectAccount } from "#app/domain/accounts/reject-account.ts";
import { rejectAccountInput } from "#app/domain/accounts/schema.ts";
import { rejectionCauses } from "#app/domain/accounts/states.ts";
import { authorize } from "#app/domain/authorization.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { SelectField } from "#app/ui/form/select-field.tsx";
import { TextareaField } from "#app/ui/form/textarea-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/rejection";
import { AlreadyDecided } from "./already-decided.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "accounts:reject");
    const { state, name } = await getAccountForStaff(context);
    return { isDecided: state !== "pending", name, form: formOf(rejectAccountInput) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const account = href("/admin/accounts/:account", args.params);
  return submit(args, rejectAccount, () => redirectWithFlash(account, t("admin.rejection.done")));
}

export default function Rejection({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { isDecided, name } = loaderData;
  if (isDecided) return <AlreadyDecided name={name} account={href("/admin/accounts/:account", params)} />;
  return (
    <FormPage
      title={t("admin.rejection.title", { account: name })}
      intro={t("admin.rejection.intro")}
      breadcrumbs={[
        { label: t("admin.accounts.title"), to: "/admin/accounts" },
        { label: name, to: href("/admin/accounts/:account", params) },
      ]}
      form={form}
    >
      <SelectField
        field={fields.cause}
        label={t("admin.rejection.cause")}
        options={rejectionCauses.map((value) => ({ value, label: t(`accounts.rejectionCauses.${value}`) }))}
      />
      <TextareaField
        field={fields.reason}
        label={t("admin.rejection.reason")}
        hint={t("admin.rejection.reasonHint")}
      />
      <SubmitButton variant="danger">{t("admin.rejection.submit")}</SubmitButton>
    </FormPage>
  );
}
