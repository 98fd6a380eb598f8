import type { MemberRole } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../errors.ts";
import { notify } from "../notifications/notify.ts";
import { refuseLastOwner } from "./last-owner.ts";
import { listOwners } from "./read-members.ts";

/**
 * Takes a user out of an account, inside the caller's command: from their next request on it is none of theirs. Answers
 * the role that they had. Throws `last-owner`, and `not-found` for who is no member.
 */
export async function endMembership(
  tx: Transaction,
  { accountId, userId }: { accountId: string; userId: string },
): Promise<{ role: MemberRole }> {
  await refuseLastOwner(tx, accountId, userId);
  const member = await tx.member.findFirst({ where: { accountId, userId }, select: { role: true } });
  if (!member) throw new DomainError("not-found");
  const { count } = await tx.member.deleteMany({ where: { accountId, userId } });
  if (count !== 1) throw new DomainError("not-found");
  return member;
}

/**
 * Takes a user out of every account, and tells the owners who are left. The caller has refused who is needed as an
 * owner (`listSoleOwnerships`, in the same transaction).
 */
export async function endMemberships(tx: Transaction, user: { id: string; name: string }): Promise<void> {
  const memberships = await tx.member.findMany({ where: { userId: user.id }, select: { accountId: true } });
  await tx.member.deleteMany({ where: { userId: user.id } });
  for (const { accountId } of memberships) await announceLeaving(tx, accountId, user.name);
}

/** Tells the owners who are left that somebody went. */
export async function announceLeaving(tx: Transaction, accountId: string, name: string): Promise<void> {
  const userIds = await listOwners(tx, accountId);
  await notify(tx, { kind: "member-left", userIds, accountId, data: { name } });
}
