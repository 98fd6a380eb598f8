import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { approveAccount } from "#app/domain/accounts/approve-account.ts";
import { formatDocument } from "#app/domain/accounts/document.ts";
import { getAccountForStaff } from "#app/domain/accounts/read-accounts.ts";
import { approveAccountInput } from "#app/domain/accounts/schema.ts";
import { authorize } from "#app/domain/authorization.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import type { Route } from "./+types/approval";
import { AlreadyDecided } from "./already-decided.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "accounts:approve");
    const { state, name, document, members } = await getAccountForStaff(context);
    return {
      isDecided: state !== "pending",
      name,
      document: formatDocument(document),
      owner: members[0]?.email ?? "",
      form: formOf(approveAccountInput),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const account = href("/admin/accounts/:account", args.params);
  return submit(args, approveAccount, () => redirectWithFlash(account, t("admin.approval.done")));
}

export default function Approval({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm(loaderData.form, actionData);
  const { isDecided, name, document, owner } = loaderData;
  if (isDecided) return <AlreadyDecided name={name} account={href("/admin/accounts/:account", params)} />;
  return (
    <FormPage
      title={t("admin.approval.title", { account: name })}
      intro={t("admin.approval.intro")}
      breadcrumbs={[
        { label: t("admin.accounts.title"), to: "/admin/accounts" },
        { label: name, to: href("/admin/accounts/:account", params) },
      ]}
      form={form}
    >
      <DescriptionList
        items={[
          { term: t("accounts.document"), details: document },
          { term: t("accounts.owner"), details: owner },
        ]}
      />
      <SubmitButton>{t("admin.approval.submit")}</SubmitButton>
    </FormPage>
  );
}
