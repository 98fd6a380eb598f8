import type { Transaction } from "#app/ports/db.server.ts";

/** Ids of the users who own the account, for mail about it. */
export async function listOwners(tx: Transaction, accountId: string): Promise<string[]> {
  const owners = await tx.member.findMany({ where: { accountId, role: "owner" }, select: { userId: true } });
  return owners.map(({ userId }) => userId);
}
