import type { QuotaResource } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";

/**
 * The limit of one resource, locked until the transaction ends: of two creations at once the second
 * counts after the first has committed. `ungranted` where none was granted, as before approval.
 */
export async function lockQuota(
  tx: Transaction,
  accountId: string,
  resource: QuotaResource,
  ungranted = 0n,
): Promise<{ limit: bigint }> {
  const [quota] = await tx.$queryRaw<{ limit: bigint }[]>`
    SELECT limit_value AS "limit" FROM quota
    WHERE account_id = ${accountId}::uuid AND resource = ${resource}::quota_resource
    FOR UPDATE`;
  return quota ?? { limit: ungranted };
}
