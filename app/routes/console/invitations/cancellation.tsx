import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { cancelInvitation } from "#app/domain/invitations/cancel-invitation.ts";
import { getInvitation } from "#app/domain/invitations/read-invitations.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/cancellation";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "invitations:cancel");
    return { email: (await getInvitation(context, uuidOr404(args.params.invitation))).email };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => cancelInvitation(context, { id: uuidOr404(args.params.invitation) }),
    () =>
      redirectWithFlash(
        href("/accounts/:account/members", args.params),
        t("members.invitations.cancellation.done"),
      ),
  );
}

export default function CancelInvitation({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  return (
    <FormPage
      title={t("members.invitations.cancellation.title", { email: loaderData.email })}
      intro={t("members.invitations.cancellation.intro")}
      breadcrumbs={[{ label: t("members.title"), to: href("/accounts/:account/members", params) }]}
      form={form}
    >
      <SubmitButton variant="danger">{t("members.invitations.cancellation.submit")}</SubmitButton>
    </FormPage>
  );
}
