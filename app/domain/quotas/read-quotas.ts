import type { QuotaResource } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";

export interface QuotaUse {
  resource: QuotaResource;
  /** Bytes of storage; a number of things for the others. */
  limit: bigint;
  used: bigint;
  /** When `used` was measured; null for what is counted now, and for storage before the first measurement. */
  measuredAt: Date | null;
}

/**
 * The limits of the account and what is used of each: storage as last measured at the engine, buckets and keys as
 * they are, members with those who are invited. No rows before approval, which grants them.
 */
export async function readQuotas(context: Context): Promise<QuotaUse[]> {
  const accountId = authorizeInAccount(context, "quotas:read");
  return db.$queryRaw<QuotaUse[]>`
    SELECT q.resource::text AS resource, q.limit_value AS "limit",
      CASE q.resource
        WHEN 'storage_bytes' THEN (
          SELECT coalesce(sum(quantity), 0)::bigint FROM (
            SELECT DISTINCT ON (bucket) quantity FROM usage_record
            WHERE account_id = q.account_id AND metric = 'stored_bytes'
              AND hour = date_trunc('hour', c.measured_at, 'UTC')
            ORDER BY bucket, revision DESC
          ) latest)
        WHEN 'buckets' THEN (SELECT count(*) FROM bucket WHERE account_id = q.account_id AND deleted_at IS NULL)
        WHEN 'access_keys' THEN (
          SELECT count(*) FROM access_key WHERE account_id = q.account_id AND state NOT IN ('revoked', 'failed'))
        WHEN 'members' THEN (
          (SELECT count(*) FROM member WHERE account_id = q.account_id)
          + (SELECT count(*) FROM invitation
             WHERE account_id = q.account_id AND state = 'pending' AND expires_at > now()))
      END AS used,
      CASE WHEN q.resource = 'storage_bytes' THEN c.measured_at END AS "measuredAt"
    FROM quota q
    LEFT JOIN usage_collection c ON c.account_id = q.account_id
    WHERE q.account_id = ${accountId}::uuid
    ORDER BY q.resource`;
}
