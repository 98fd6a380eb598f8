import { joinSql, sql, type Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../errors.ts";

/**
 * The account's active buckets of these names, kept from being deleted until the transaction ends. Throws
 * `unknown-bucket` where there is none of a name.
 */
export async function findBucketsByName(
  tx: Transaction,
  accountId: string,
  names: readonly string[],
): Promise<{ id: string }[]> {
  if (names.length === 0) return [];
  const found = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT id, name FROM bucket
    WHERE account_id = ${accountId}::uuid AND state = 'active' AND deleted_at IS NULL
      AND name IN (${joinSql(names.map((name) => sql`${name}`))})
    ORDER BY id
    FOR SHARE`;
  const missing = names.find((name) => !found.some((bucket) => bucket.name === name));
  if (missing !== undefined) throw new DomainError("unknown-bucket", { bucket: missing });
  return found;
}
