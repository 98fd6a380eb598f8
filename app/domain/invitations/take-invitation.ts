import type { z } from "zod";
import type { Transaction } from "#app/ports/db.server.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { setProviderRole } from "../identity/staff/set-provider-role.ts";
import { addMember } from "../members/add-member.ts";
import { listOwners } from "../members/read-members.ts";
import { notify } from "../notifications/notify.ts";
import { consumeInvitationLink } from "./invitation-links.ts";
import { findInvitation, type OpenInvitation, readOpenInvitation } from "./read-invitations.ts";
import { invitationLinkInput } from "./schema.ts";

/**
 * Uses up the link of an invitation and closes the invitation, inside the caller's command. Throws `link-invalid` where
 * it cannot be answered any more: of two answers at once, one finds it.
 */
export async function takeInvitation(
  tx: Transaction,
  token: string,
  answer: "accepted" | "declined",
): Promise<OpenInvitation> {
  const link = await consumeInvitationLink(tx, token);
  const invitation = link && (await readOpenInvitation(tx, link));
  if (!invitation) throw new DomainError("link-invalid");
  await tx.invitation.update({
    where: { id: invitation.id, state: "pending" },
    data: { state: answer, closedAt: new Date() },
  });
  return invitation;
}

/** Gives a person what an invitation offers them, and tells the owners. Throws `already-member` for who has a role. */
export async function join(
  tx: Transaction,
  { id, account, role, providerRole }: OpenInvitation,
  user: { id: string; name: string },
): Promise<void> {
  if (account && role) {
    const members = await tx.member.count({ where: { accountId: account.id, userId: user.id } });
    if (members > 0) throw new DomainError("already-member");
    const owners = await listOwners(tx, account.id);
    await addMember(tx, { accountId: account.id, userId: user.id, role });
    await notify(tx, {
      kind: "member-joined",
      userIds: owners,
      accountId: account.id,
      data: { name: user.name },
    });
  } else {
    const staff = await tx.user.count({ where: { id: user.id, providerRole: { not: null } } });
    if (staff > 0) throw new DomainError("already-member");
    await setProviderRole(tx, user.id, providerRole);
  }
  await tx.invitation.update({ where: { id }, data: { acceptedById: user.id } });
}

/** What the audit log keeps of an acceptance: who has which role from now on. */
export function auditJoining({ id, role, providerRole }: OpenInvitation, userId: string) {
  const after = role ? { role } : { providerRole };
  return {
    resourceType: "invitation",
    resourceId: id,
    details: { userId, before: role ? { role: null } : { providerRole: null }, after },
  };
}

/**
 * The command in the scope of the account that its link invites to, so that the account's log has it: whoever answers
 * is no member of it and comes by an address that names no account.
 */
export function inInvitedAccount<Schema extends z.ZodType, Output>(
  answer: Command<Schema, Output>,
): Command<Schema, Output> {
  const { action, input } = answer;
  return Object.assign(
    async (context: Context, rawInput: unknown) => {
      const link = invitationLinkInput.safeParse(rawInput);
      const invitation = link.success ? await findInvitation(link.data.token) : null;
      return answer({ ...context, accountId: invitation?.account?.id ?? context.accountId }, rawInput);
    },
    { action, input },
  );
}
