import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../errors.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { defaultQuotas } from "../quotas/grant-default-quotas.ts";
import { lockQuota } from "../quotas/lock-quota.ts";

/**
 * Throws `quota-exceeded` where the account may not have another member. Whoever is invited counts from then on, so
 * that accepting needs no more room. Holds the place until the transaction ends.
 */
export async function requireRoomForMember(tx: Transaction, accountId: string): Promise<void> {
  // An account that waits for its approval has no row to lock: it may have what approval will give.
  await oneAtATime(tx, `members:${accountId}`);
  const { limit } = await lockQuota(tx, accountId, "members", defaultQuotas.members);
  // One statement: somebody who accepts meanwhile is in one of the two counts, and never in neither.
  const [used] = await tx.$queryRaw<{ count: bigint }[]>`
    SELECT (SELECT count(*) FROM member WHERE account_id = ${accountId}::uuid)
         + (SELECT count(*) FROM invitation
            WHERE account_id = ${accountId}::uuid AND state = 'pending' AND expires_at > now()) AS count`;
  if ((used?.count ?? 0n) >= limit) {
    throw new DomainError("quota-exceeded", { resource: "members", limit: Number(limit) });
  }
}
