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

/**
 * The buckets that a key was made for, as far as they are active, kept from being deleted until the transaction ends.
 * None for a key for all buckets.
 */
export async function lockBucketsOf(tx: Transaction, keyId: string): Promise<{ id: string }[]> {
  return tx.$queryRaw`
    SELECT b.id FROM access_key_bucket k JOIN bucket b ON b.id = k.bucket_id
    WHERE k.access_key_id = ${keyId}::uuid AND b.state = 'active' AND b.deleted_at IS NULL
    ORDER BY b.id
    FOR SHARE OF b`;
}
