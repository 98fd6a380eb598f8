import { useTranslation } from "react-i18next";
import { href, redirect } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { getMember } from "#app/domain/members/read-members.ts";
import { rolesAfterTransfer } from "#app/domain/members/roles.ts";
import { transferOwnershipInput } from "#app/domain/members/schema.ts";
import { transferOwnership } from "#app/domain/members/transfer-ownership.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import type { Route } from "./+types/ownership";
import { memberBreadcrumbs } from "./member-breadcrumbs.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "members:transfer-ownership");
    const { name, email, role } = await getMember(context, uuidOr404(args.params.member));
    // Nothing left to do; the member's page says so.
    if (role === "owner") throw redirect(href("/accounts/:account/members/:member", args.params));
    return { name, email, role, form: formOf(transferOwnershipInput.omit({ id: true })) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) => transferOwnership(context, { ...input, id: uuidOr404(args.params.member) }),
    ({ name, ownRole }) =>
      redirectWithFlash(
        // Whoever gave the account over sees the members no more.
        ownRole === "owner"
          ? href("/accounts/:account/members", args.params)
          : href("/accounts/:account", args.params),
        t("members.ownership.done", { name }),
      ),
  );
}

export default function TransferOwnership({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { name, email, role } = loaderData;
  return (
    <FormPage
      title={t("members.ownership.title", { name })}
      intro={t("members.ownership.intro")}
      breadcrumbs={memberBreadcrumbs(t, params, name)}
      form={form}
    >
      <DescriptionList
        items={[
          { term: t("auth.email"), details: <span className="wrap-anywhere">{email}</span> },
          { term: t("accounts.role"), details: t(`accounts.roles.${role}`) },
        ]}
      />
      <RadioGroupField
        field={fields.ownRole}
        label={t("members.ownership.ownRole")}
        options={rolesAfterTransfer.map((own) => ({
          value: own,
          label: t(`members.ownership.roles.${own}`),
          hint: t(`members.ownership.hints.${own}`),
        }))}
      />
      <SubmitButton variant="danger">{t("members.ownership.submit")}</SubmitButton>
    </FormPage>
  );
}
