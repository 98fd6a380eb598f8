import { db } from "#app/ports/db.server.ts";
import { mintLinkToken } from "../identity/link-tokens.ts";
import type { WrittenEmail } from "../mail/deliver-email.ts";
import { compose, link, readerAt } from "./compose.ts";

/**
 * An invitation into an account, or without one into the provider's staff. Whoever owns an account, even one that
 * nobody has approved, can have this sent to any address: their name and the account's stand as values on lines of
 * their own, apart from our sentences and not in the subject.
 */
export async function writeInvitation(invitationId: string): Promise<WrittenEmail | null> {
  const invitation = await db.invitation.findUnique({
    where: { id: invitationId, state: "pending", expiresAt: { gt: new Date() } },
    select: {
      email: true,
      locale: true,
      role: true,
      providerRole: true,
      expiresAt: true,
      account: { select: { name: true } },
      invitedBy: { select: { name: true, closedAt: true } },
    },
  });
  if (!invitation) return null;
  const { email, locale, account, role, providerRole, invitedBy, expiresAt } = invitation;
  const reader = readerAt(email, locale);
  const shared = {
    // Closed users have no name any more.
    inviterName: invitedBy && !invitedBy.closedAt ? invitedBy.name : null,
    expiresAt,
    url: link("invitations", await mintLinkToken("invitation", invitationId)),
  };
  return account
    ? compose(reader, "invitation", { ...shared, accountName: account.name, role: role ?? "" })
    : compose(reader, "invitation-to-staff", { ...shared, role: providerRole ?? "" });
}
