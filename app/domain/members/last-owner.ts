import type { AccountState } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";
import { accountIdOf, type Context, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { oneAtATime } from "../one-at-a-time.ts";

/**
 * Whoever takes an owner's role away asks here first. Throws `last-owner` where no other owner is left who can sign
 * in; does nothing for who is none. Until the caller's transaction ends, nobody else leaves the account or loses a role
 * in it.
 */
export async function refuseLastOwner(tx: Transaction, accountId: string, userId: string): Promise<void> {
  const owners = await lockOwners(tx, accountId);
  if (owners.some((owner) => owner.userId === userId) && isSoleOwner(owners, userId)) {
    throw new DomainError("last-owner");
  }
}

/**
 * The accounts that would have no owner without this user, locked as above: live ones, since a closed or rejected
 * account needs nobody.
 */
export async function listSoleOwnerships(
  tx: Transaction,
  userId: string,
): Promise<{ id: string; slug: string; name: string; state: AccountState }[]> {
  // Those where the user is no owner, too: somebody may be making them one at this moment. In one order, so that two
  // who share accounts do not wait for each other.
  const memberships = await tx.member.findMany({
    where: { userId },
    orderBy: { accountId: "asc" },
    select: { account: { select: { id: true, slug: true, name: true, state: true } } },
  });
  const sole = [];
  for (const { account } of memberships) {
    const owners = await lockOwners(tx, account.id);
    const isOwner = owners.some((owner) => owner.userId === userId);
    const isLive = account.state !== "closed" && account.state !== "rejected";
    if (isLive && isOwner && isSoleOwner(owners, userId)) sole.push(account);
  }
  return sole;
}

/**
 * For what one owner does to another: waits for whoever is changing the owners, and throws `forbidden` where the caller
 * is none any more. Of two who take each other's role away at once, the second has lost their own.
 */
export async function requireStillOwner(tx: Transaction, context: Context): Promise<void> {
  const owners = await lockOwners(tx, accountIdOf(context));
  const userId = userIdOf(context);
  if (!owners.some((owner) => owner.userId === userId)) throw new DomainError("forbidden");
}

interface Owner {
  userId: string;
  /** Not disabled: an owner who cannot sign in cannot let anybody else in. */
  isEnabled: boolean;
}

/**
 * The account's owners, after everybody who was changing them. No lock on their rows would do: somebody who is being
 * made an owner is none yet, for a query that began before.
 */
async function lockOwners(tx: Transaction, accountId: string): Promise<Owner[]> {
  await oneAtATime(tx, `owners:${accountId}`);
  const owners = await tx.member.findMany({
    where: { accountId, role: "owner" },
    select: { userId: true, user: { select: { disabledAt: true } } },
  });
  return owners.map(({ userId, user }) => ({ userId, isEnabled: user.disabledAt === null }));
}

function isSoleOwner(owners: Owner[], userId: string): boolean {
  return !owners.some((owner) => owner.isEnabled && owner.userId !== userId);
}
