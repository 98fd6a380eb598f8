import { db, sql } from "#app/ports/db.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { monthAt } from "./calendar.ts";
import { flows, latestRecords, monthRecords, stocks } from "./latest-records.ts";

/** Requests and traffic in bytes. */
export interface Flows {
  /** GET and HEAD of objects. */
  requestsRead: bigint;
  /** Writes, deletions and lists. */
  requestsWrite: bigint;
  /** Bodies from the engine to clients. */
  egressBytes: bigint;
  /** Bodies from clients to the engine. */
  ingressBytes: bigint;
}

/** What was stored at a measurement; null where there was none. */
export interface Stocks {
  storedBytes: bigint | null;
  objects: bigint | null;
}

export interface UsageSummary extends Flows, Stocks {
  /** When the engine was last asked with success; null before the first time. */
  measuredAt: Date | null;
  /** The same for what was stored: of a past month, when it was last measured in it. */
  storedAt: Date | null;
}

/**
 * What the account uses, of one month (`2026-03`, the present one where none is given) in the installation's
 * zone: requests and traffic in it, and what was stored at the last measurement before its end.
 */
export async function readUsageSummary(context: Context, month = monthAt(new Date())): Promise<UsageSummary> {
  const accountId = authorizeInAccount(context, "usage:read");
  const [summary] = await db.$queryRaw<UsageSummary[]>`
    SELECT ${stocks}, ${flows},
      max(measured_at) FILTER (WHERE metric = 'stored_bytes') AS "storedAt",
      (SELECT measured_at FROM usage_collection WHERE account_id = ${accountId}::uuid) AS "measuredAt"
    FROM ${monthRecords(accountId, month)}`;
  if (!summary) throw new Error("an aggregate without GROUP BY has one row");
  if (!summary.measuredAt || month !== monthAt(new Date())) return summary;
  // Measured, and there was no bucket, or nothing had changed that would have been written down.
  return { ...summary, ...orNothing(summary), storedAt: summary.measuredAt };
}

/** What one bucket held when it was last measured, and when that was; null where it never was. */
export async function findMeasuredSize(
  context: Context,
  bucket: string,
): Promise<{ storedBytes: bigint; objects: bigint; measuredAt: Date } | null> {
  const accountId = authorizeInAccount(context, "usage:read");
  // A measurement covers all buckets at once, so that the account's last hour has the bucket's record, or it is new.
  const lastHour = sql`
    u.bucket = ${bucket} AND u.metric IN ('stored_bytes', 'objects') AND u.hour = (
      SELECT max(hour) FROM usage_record WHERE account_id = ${accountId}::uuid AND metric = 'stored_bytes'
    )`;
  const [row] = await db.$queryRaw<(Stocks & { measuredAt: Date | null })[]>`
    SELECT ${stocks},
      (SELECT measured_at FROM usage_collection WHERE account_id = ${accountId}::uuid) AS "measuredAt"
    FROM ${latestRecords(accountId, lastHour)}`;
  if (!row?.measuredAt || row.storedBytes === null) return null;
  return { storedBytes: row.storedBytes, objects: row.objects ?? 0n, measuredAt: row.measuredAt };
}

export interface BucketUsage extends Flows {
  bucket: string;
  /** Of the console's page; null where the bucket is deleted, or was made elsewhere. */
  bucketId: string | null;
  /** No longer there, but used within the month. */
  isDeleted: boolean;
  storedBytes: bigint;
  objects: bigint;
}

const bucketLimit = 100;

/** The same by bucket, the fullest first. At most 100 buckets; `total` says how many there are. */
export async function readUsageByBucket(
  context: Context,
  month = monthAt(new Date()),
): Promise<{ buckets: BucketUsage[]; total: number }> {
  const accountId = authorizeInAccount(context, "usage:read");
  const rows = await db.$queryRaw<(BucketUsage & Stocks & { total: number })[]>`
    WITH used AS (
      SELECT record.bucket, sum(quantity) AS quantity, ${stocks}, ${flows}
      FROM ${monthRecords(accountId, month)}
      GROUP BY record.bucket
    )
    SELECT used.bucket, b.id AS "bucketId", b.id IS NULL AND known.name IS NOT NULL AS "isDeleted",
      "storedBytes", "objects", "requestsRead", "requestsWrite", "egressBytes", "ingressBytes",
      count(*) OVER ()::int AS total
    FROM used
    LEFT JOIN bucket b ON b.account_id = ${accountId}::uuid AND b.name = used.bucket AND b.deleted_at IS NULL
    LEFT JOIN LATERAL (
      SELECT name FROM bucket WHERE account_id = ${accountId}::uuid AND name = used.bucket LIMIT 1
    ) known ON true
    -- Of a bucket that is gone and was not used there is nothing to tell.
    WHERE known.name IS NULL OR b.id IS NOT NULL OR used.quantity > 0
    ORDER BY "storedBytes" DESC NULLS LAST, used.bucket
    LIMIT ${bucketLimit}`;
  const buckets = rows.map(({ total, ...row }) => ({ ...row, ...orNothing(row) }));
  return { buckets, total: rows[0]?.total ?? 0 };
}

function orNothing({ storedBytes, objects }: Stocks) {
  return { storedBytes: storedBytes ?? 0n, objects: objects ?? 0n };
}
