import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../errors.ts";
import { lockQuota } from "../quotas/lock-quota.ts";

/**
 * Throws `quota-exceeded` where the account may not have another access key. Holds the place until the transaction
 * ends.
 */
export async function requireRoomForKey(tx: Transaction, accountId: string): Promise<void> {
  await requireRoomFor(tx, accountId, 1);
}

/**
 * Throws `quota-exceeded` where the account has more access keys than it may, as it can during a rotation, which makes
 * one more. Holds that until the transaction ends.
 */
export async function requireKeysWithinQuota(tx: Transaction, accountId: string): Promise<void> {
  await requireRoomFor(tx, accountId, 0);
}

async function requireRoomFor(tx: Transaction, accountId: string, more: number): Promise<void> {
  // Lock before counting, or two requests at once both fit under the limit.
  const { limit } = await lockQuota(tx, accountId, "access_keys");
  const owned = await tx.accessKey.count({ where: { accountId, state: { notIn: ["revoked", "failed"] } } });
  if (BigInt(owned + more) > limit) {
    throw new DomainError("quota-exceeded", { resource: "access_keys", limit: Number(limit) });
  }
}
