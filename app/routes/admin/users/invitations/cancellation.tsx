import { useTranslation } from "react-i18next";
import { authorize } from "#app/domain/authorization.ts";
import { cancelStaffInvitation } from "#app/domain/invitations/cancel-invitation.ts";
import { getStaffInvitation } from "#app/domain/invitations/read-invitations.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/cancellation";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "staff-invitations:cancel");
    return { email: (await getStaffInvitation(context, uuidOr404(args.params.staffInvitation))).email };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => cancelStaffInvitation(context, { id: uuidOr404(args.params.staffInvitation) }),
    () => redirectWithFlash("/admin/users/invitations", t("members.invitations.cancellation.done")),
  );
}

export default function CancelStaffInvitation({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  return (
    <FormPage
      title={t("members.invitations.cancellation.title", { email: loaderData.email })}
      intro={t("members.invitations.cancellation.intro")}
      breadcrumbs={[
        { label: t("users.title"), to: "/admin/users" },
        { label: t("users.invitations.title"), to: "/admin/users/invitations" },
      ]}
      form={form}
    >
      <SubmitButton variant="danger">{t("members.invitations.cancellation.submit")}</SubmitButton>
    </FormPage>
  );
}
