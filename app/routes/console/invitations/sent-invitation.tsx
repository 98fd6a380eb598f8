import { useTranslation } from "react-i18next";
import { href } from "react-router";
import type { SentInvitation as Sent } from "#app/domain/invitations/send-invitation.ts";
import { InvitationSent } from "#app/ui/invitations/invitation-sent.tsx";

/** An invitation into the account that was just sent. */
export function SentInvitation({ sent, params }: { sent: Sent; params: { account: string } }) {
  const { t } = useTranslation();
  const members = href("/accounts/:account/members", params);
  return (
    <InvitationSent
      sent={sent}
      breadcrumbs={[{ label: t("members.title"), to: members }]}
      back={{ label: t("members.invitations.sent.back"), to: members }}
    />
  );
}
