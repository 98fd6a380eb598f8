import { type Sql, sql } from "#app/ports/db.server.ts";
import { endOfMonth, startOfMonth } from "./calendar.ts";

/**
 * The usage records of an account that count: of every bucket, metric, hour and source the highest revision.
 * Stands behind FROM; `condition` narrows `u` by metric and hour, whose index has them in order already.
 */
export function latestRecords(accountId: string, condition: Sql): Sql {
  return sql`(
    SELECT DISTINCT ON (u.metric, u.hour, u.bucket, u.source) u.bucket, u.metric, u.hour, u.quantity, u.measured_at
    FROM usage_record u
    WHERE u.account_id = ${accountId}::uuid AND ${condition}
    ORDER BY u.metric, u.hour, u.bucket, u.source, u.revision DESC
  ) record`;
}

/**
 * What a month comes to: its requests and traffic, and what was stored at the last measurement before its end.
 * Every measurement covers all buckets, so one hour holds the whole of it.
 */
export function monthRecords(accountId: string, month: string): Sql {
  return latestRecords(
    accountId,
    sql`(
      u.metric IN ('requests_read', 'requests_write', 'egress_bytes', 'ingress_bytes') AND ${within(month)}
      OR u.metric IN ('stored_bytes', 'objects') AND u.hour = (
        SELECT max(hour) FROM usage_record
        WHERE account_id = ${accountId}::uuid AND metric = 'stored_bytes' AND hour < ${endOfMonth(month)}
      )
    )`,
  );
}

/** Hours of a month in the installation's zone. */
export function within(month: string): Sql {
  return sql`(u.hour >= ${startOfMonth(month)} AND u.hour < ${endOfMonth(month)})`;
}

/** Columns of the requests and the traffic of a group of records. */
export const flows = sql`
  coalesce(sum(quantity) FILTER (WHERE metric = 'requests_read'), 0)::bigint AS "requestsRead",
  coalesce(sum(quantity) FILTER (WHERE metric = 'requests_write'), 0)::bigint AS "requestsWrite",
  coalesce(sum(quantity) FILTER (WHERE metric = 'egress_bytes'), 0)::bigint AS "egressBytes",
  coalesce(sum(quantity) FILTER (WHERE metric = 'ingress_bytes'), 0)::bigint AS "ingressBytes"`;

/** Columns of what was stored; null where the group has no measurement. */
export const stocks = sql`
  sum(quantity) FILTER (WHERE metric = 'stored_bytes')::bigint AS "storedBytes",
  sum(quantity) FILTER (WHERE metric = 'objects')::bigint AS "objects"`;
