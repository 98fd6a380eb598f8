import { useTranslation } from "react-i18next";
import { data, href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { inviteMember } from "#app/domain/invitations/invite-member.ts";
import { inviteMemberInput } from "#app/domain/invitations/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submit } from "#app/http/handlers.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { RoleField } from "../members/role-field.tsx";
import type { Route } from "./+types/new";
import { SentInvitation } from "./sent-invitation.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "invitations:create");
    return { form: formOf(inviteMemberInput) };
  });
}

/** The answer to the POST is the one page that holds the link: no redirect, and nothing to come back to. */
export function action(args: Route.ActionArgs) {
  return submit(args, inviteMember, (sent) => data({ sent }, { status: 201 }));
}

export default function InviteMember({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const refusal = actionData && "result" in actionData ? actionData : undefined;
  const [form, fields] = useAppForm(loaderData.form, refusal);
  if (actionData && "sent" in actionData) return <SentInvitation sent={actionData.sent} params={params} />;
  return (
    <FormPage
      title={t("members.invitations.new.title")}
      intro={t("members.invitations.new.intro")}
      breadcrumbs={[{ label: t("members.title"), to: href("/accounts/:account/members", params) }]}
      form={form}
    >
      <TextField
        field={fields.email}
        type="email"
        autoComplete="off"
        label={t("auth.email")}
        hint={t("members.invitations.new.emailHint")}
      />
      <RoleField field={fields.role} />
      <SubmitButton>{t("members.invitations.new.submit")}</SubmitButton>
    </FormPage>
  );
}
