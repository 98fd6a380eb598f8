import { useTranslation } from "react-i18next";
import { data } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { getStaffInvitation } from "#app/domain/invitations/read-invitations.ts";
import { resendStaffInvitation } from "#app/domain/invitations/resend-invitation.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/resending";
import { SentStaffInvitation } from "./sent.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "staff-invitations:resend");
    return { email: (await getStaffInvitation(context, uuidOr404(args.params.staffInvitation))).email };
  });
}

/** As for a new one, the answer is the one page that holds the link. */
export function action(args: Route.ActionArgs) {
  return submitWith(
    args,
    (context) => resendStaffInvitation(context, { id: uuidOr404(args.params.staffInvitation) }),
    (sent) => data({ sent }),
  );
}

export default function ResendStaffInvitation({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const refusal = actionData && "result" in actionData ? actionData : undefined;
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, refusal);
  if (actionData && "sent" in actionData) return <SentStaffInvitation sent={actionData.sent} />;
  return (
    <FormPage
      title={t("members.invitations.resending.title", { email: loaderData.email })}
      intro={t("members.invitations.resending.intro")}
      breadcrumbs={[
        { label: t("users.title"), to: "/admin/users" },
        { label: t("users.invitations.title"), to: "/admin/users/invitations" },
      ]}
      form={form}
    >
      <SubmitButton>{t("members.invitations.resending.submit")}</SubmitButton>
    </FormPage>
  );
}
