import { useTranslation } from "react-i18next";
import { data } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { providerRoles } from "#app/domain/identity/staff/states.ts";
import { inviteStaff } from "#app/domain/invitations/invite-staff.ts";
import { inviteStaffInput } from "#app/domain/invitations/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submit } from "#app/http/handlers.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { type RefusedSubmission, useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/new";
import { SentStaffInvitation } from "./sent.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "staff-invitations:create");
    return { form: formOf(inviteStaffInput) };
  });
}

/** The answer to the POST is the one page that holds the link: no redirect, and nothing to come back to. */
export function action(args: Route.ActionArgs) {
  return submit(args, inviteStaff, (sent) => data({ sent }, { status: 201 }));
}

export default function InviteStaff({ loaderData, actionData }: Route.ComponentProps) {
  if (actionData && "sent" in actionData) return <SentStaffInvitation sent={actionData.sent} />;
  return <InvitationForm form={loaderData.form} refusal={actionData} />;
}

type Setup = Route.ComponentProps["loaderData"]["form"];

function InvitationForm(props: { form: Setup; refusal: RefusedSubmission | undefined }) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(props.form, props.refusal);
  return (
    <FormPage
      title={t("users.invitations.new.title")}
      intro={t("users.invitations.new.intro")}
      breadcrumbs={[
        { label: t("users.title"), to: "/admin/users" },
        { label: t("users.invitations.title"), to: "/admin/users/invitations" },
      ]}
      form={form}
    >
      <TextField
        field={fields.email}
        type="email"
        autoComplete="off"
        label={t("auth.email")}
        hint={t("members.invitations.new.emailHint")}
      />
      <RadioGroupField
        field={fields.providerRole}
        label={t("users.staffRole")}
        options={providerRoles.map((value) => ({
          value,
          label: t(`users.roles.${value}`),
          hint: t(`users.roleHints.${value}`),
        }))}
      />
      <SubmitButton>{t("members.invitations.new.submit")}</SubmitButton>
    </FormPage>
  );
}
