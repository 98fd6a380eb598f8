import { joinSql, sql, type Transaction } from "#app/ports/db.server.ts";
import { InvalidInput } from "../errors.ts";

/**
 * The chosen buckets of the account, kept from being deleted until the transaction ends: a deletion then
 * sees the key, and takes the bucket out of it. Throws InvalidInput where one is not there, is another
 * account's or is not active.
 */
export async function lockActiveBuckets(
  tx: Transaction,
  accountId: string,
  ids: readonly string[],
): Promise<{ id: string }[]> {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
  const found = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM bucket
    WHERE account_id = ${accountId}::uuid AND state = 'active' AND deleted_at IS NULL
      AND id IN (${joinSql(wanted.map((id) => sql`${id}::uuid`))})
    ORDER BY id
    FOR SHARE`;
  if (found.length < wanted.length) {
    throw new InvalidInput([{ path: ["buckets"], message: "bucketGone", params: {} }]);
  }
  return found;
}
