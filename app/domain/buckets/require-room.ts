import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../errors.ts";
import { lockQuota } from "../quotas/lock-quota.ts";

/**
 * Throws `quota-exceeded` where the account may not have so many buckets more. Holds the place until the
 * transaction ends.
 */
export async function requireRoomForBuckets(tx: Transaction, accountId: string, more: number): Promise<void> {
  // Lock before counting, or two requests at once both fit under the limit.
  const { limit } = await lockQuota(tx, accountId, "buckets");
  const owned = await tx.bucket.count({ where: { accountId, deletedAt: null } });
  if (BigInt(owned + more) > limit) {
    throw new DomainError("quota-exceeded", { resource: "buckets", limit: Number(limit) });
  }
}
