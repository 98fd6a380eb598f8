import { db, type Transaction } from "#app/ports/db.server.ts";
import { env } from "#app/ports/env.server.ts";
import { consumeLinkToken, findLinkSubject, mintLinkToken, revokeLinks } from "../identity/link-tokens.ts";
import { oneAtATime } from "../one-at-a-time.ts";

/**
 * Two kinds of links lead to one invitation. Who followed the mailed one has shown that the address is theirs. The one
 * that is shown to whoever invites, to pass on, shows nothing: with it they could otherwise make a user of somebody
 * else's address, with a password of their own.
 */
const purposes = ["invitation", "invitation_copy"] as const;

/** The link for whoever invites, to pass on. It is shown once and kept nowhere. */
export async function mintCopyLink(tx: Transaction, invitationId: string): Promise<string> {
  return invitationUrl(await mintLinkToken("invitation_copy", invitationId, tx));
}

export function invitationUrl(token: string): string {
  return `${env.PUBLIC_URL}/invitations/${token}`;
}

export interface FoundLink {
  invitationId: string;
  /** Whoever has it reads the invited address's mail. */
  provesAddress: boolean;
}

/** What a link leads to; null where it is unknown, used up or too old. Changes nothing. */
export async function findInvitationLink(token: string, tx: Transaction = db): Promise<FoundLink | null> {
  for (const purpose of purposes) {
    const invitationId = await findLinkSubject(purpose, token, tx);
    if (invitationId) return { invitationId, provesAddress: purpose === "invitation" };
  }
  return null;
}

/** Uses a link up, and every other of its invitation. Null where another request did, or it is no link. */
export async function consumeInvitationLink(tx: Transaction, token: string): Promise<FoundLink | null> {
  const link = await findInvitationLink(token, tx);
  if (!link) return null;
  await lockInvitation(tx, link.invitationId);
  const purpose = link.provesAddress ? "invitation" : "invitation_copy";
  if (!(await consumeLinkToken(tx, purpose, token))) return null;
  await revokeInvitationLinks(tx, link.invitationId);
  return link;
}

export async function revokeInvitationLinks(tx: Transaction, invitationId: string): Promise<void> {
  for (const purpose of purposes) await revokeLinks(tx, purpose, invitationId);
}

/** What is done to one invitation is done one after the other: each deletes the links of the other. */
export function lockInvitation(tx: Transaction, invitationId: string): Promise<void> {
  return oneAtATime(tx, `invitation:${invitationId}`);
}
