import { useTranslation } from "react-i18next";
import { data, href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { getInvitation } from "#app/domain/invitations/read-invitations.ts";
import { resendInvitation } from "#app/domain/invitations/resend-invitation.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/resending";
import { SentInvitation } from "./sent-invitation.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "invitations:resend");
    return { email: (await getInvitation(context, uuidOr404(args.params.invitation))).email };
  });
}

/** As for a new one, the answer is the one page that holds the link. */
export function action(args: Route.ActionArgs) {
  return submitWith(
    args,
    (context) => resendInvitation(context, { id: uuidOr404(args.params.invitation) }),
    (sent) => data({ sent }, { status: 201 }),
  );
}

export default function ResendInvitation({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const refusal = actionData && "result" in actionData ? actionData : undefined;
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, refusal);
  if (actionData && "sent" in actionData) return <SentInvitation sent={actionData.sent} params={params} />;
  return (
    <FormPage
      title={t("members.invitations.resending.title", { email: loaderData.email })}
      intro={t("members.invitations.resending.intro")}
      breadcrumbs={[{ label: t("members.title"), to: href("/accounts/:account/members", params) }]}
      form={form}
    >
      <SubmitButton>{t("members.invitations.resending.submit")}</SubmitButton>
    </FormPage>
  );
}
