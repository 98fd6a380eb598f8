import type { MemberRole, ProviderRole } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";
import { type Context, userIdOf } from "../context.ts";
import { queueEmail } from "../mail/queue-email.ts";
import { lockInvitation, mintCopyLink, revokeInvitationLinks } from "./invitation-links.ts";
import { newExpiry } from "./open-invitations.ts";

/** What whoever invites gets to see, once. */
export interface SentInvitation {
  id: string;
  email: string;
  /** To pass on by another way than mail. A secret: it is in this answer and nowhere else. */
  link: string;
  expiresAt: Date;
}

type Invited =
  | { accountId: string; role: MemberRole; email: string }
  | { accountId: null; providerRole: ProviderRole; email: string };

/**
 * Writes an invitation and its mail, inside the caller's command. One to the same address that has expired gives way;
 * one that still stands violates `invitation_pending_key`.
 */
export async function makeInvitation(
  tx: Transaction,
  context: Context,
  invited: Invited,
): Promise<SentInvitation> {
  const { accountId, email } = invited;
  const now = new Date();
  await tx.invitation.updateMany({
    where: { accountId, email, state: "pending", expiresAt: { lte: now } },
    data: { state: "cancelled", closedAt: now },
  });
  const invitation = await tx.invitation.create({
    data: { ...invited, invitedById: userIdOf(context), locale: context.locale, expiresAt: newExpiry() },
    select: { id: true, email: true, expiresAt: true },
  });
  return { ...invitation, link: await mailAndShow(tx, invitation.id) };
}

/**
 * Sends a pending invitation again, in the name of who does so: it stands for as long as a new one, and links sent
 * before are dead. Null where it is not pending any more.
 */
export async function renewInvitation(
  tx: Transaction,
  context: Context,
  { id, accountId }: { id: string; accountId: string | null },
): Promise<SentInvitation | null> {
  await lockInvitation(tx, id);
  const [invitation] = await tx.invitation.updateManyAndReturn({
    where: { id, accountId, state: "pending" },
    data: { sentAt: new Date(), expiresAt: newExpiry(), invitedById: userIdOf(context) },
    select: { id: true, email: true, expiresAt: true },
  });
  if (!invitation) return null;
  await revokeInvitationLinks(tx, id);
  return { ...invitation, link: await mailAndShow(tx, id) };
}

async function mailAndShow(tx: Transaction, invitationId: string): Promise<string> {
  await queueEmail(tx, { message: "invitation", invitationId });
  return mintCopyLink(tx, invitationId);
}
