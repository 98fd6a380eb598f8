import { useTranslation } from "react-i18next";
import type { SentInvitation } from "#app/domain/invitations/send-invitation.ts";
import { InvitationSent } from "#app/ui/invitations/invitation-sent.tsx";

/** An invitation to the staff that was just sent. */
export function SentStaffInvitation({ sent }: { sent: SentInvitation }) {
  const { t } = useTranslation();
  const invitations = "/admin/users/invitations";
  return (
    <InvitationSent
      sent={sent}
      breadcrumbs={[
        { label: t("users.title"), to: "/admin/users" },
        { label: t("users.invitations.title"), to: invitations },
      ]}
      back={{ label: t("users.invitations.all"), to: invitations }}
    />
  );
}
