import type { UsageMetric } from "#app/generated/prisma/enums.ts";
import { db, type Transaction } from "#app/ports/db.server.ts";
import type { BucketStats, UsageHour } from "#app/ports/storage/driver.ts";
import { oneAtATime } from "../one-at-a-time.ts";

/** Counters of an hour, which only grow, and the engine's name for each. */
const counters = {
  requests_read: "readRequests",
  requests_write: "writeRequests",
  egress_bytes: "egressBytes",
  ingress_bytes: "ingressBytes",
} as const satisfies Partial<Record<UsageMetric, keyof UsageHour>>;

/**
 * Writes down what the engine counted by hour. An hour that is known and has not grown adds nothing; one that
 * has grown adds one revision. A smaller number than the known one is an older reading, or an engine that has
 * thrown its log away, and changes nothing: in whatever order readings arrive, the largest counts.
 */
export async function recordCounters(
  accountId: string,
  measuredAt: Date,
  hours: readonly UsageHour[],
): Promise<void> {
  const readings = hours.flatMap((row) =>
    Object.entries(counters).map(([metric, name]) => ({ ...row, metric, quantity: row[name] })),
  );
  const counted = readings.filter(({ quantity }) => quantity > 0n);
  if (counted.length === 0) return;
  await inTurn(accountId, async (tx) => {
    await tx.$executeRaw`
      INSERT INTO usage_record (account_id, bucket, metric, hour, source, revision, quantity, measured_at)
      SELECT ${accountId}::uuid, reading.bucket, reading.metric, reading.hour, 'engine',
             coalesce(known.revision, 0) + 1, reading.quantity, ${measuredAt}
      FROM unnest(
        ${counted.map(({ bucket }) => bucket)}::text[],
        ${counted.map(({ metric }) => metric)}::text[]::usage_metric[],
        ${counted.map(({ hour }) => hour.toISOString())}::text[]::timestamptz[],
        ${counted.map(({ quantity }) => quantity.toString())}::text[]::bigint[]
      ) AS reading (bucket, metric, hour, quantity)
      LEFT JOIN LATERAL (
        SELECT revision, quantity FROM usage_record
        WHERE account_id = ${accountId}::uuid AND bucket = reading.bucket AND metric = reading.metric
          AND hour = reading.hour AND source = 'engine'
        ORDER BY revision DESC LIMIT 1
      ) known ON true
      WHERE known.quantity IS NULL OR reading.quantity > known.quantity
      ON CONFLICT DO NOTHING`;
  });
}

/**
 * Writes down what every bucket of the account holds, for the hour in which it was measured, and that the
 * account is measured up to then. A later measurement in the same hour that differs adds one revision. A bucket
 * that was there at the last measurement and is gone gets a zero. A reading older than the last one is dropped.
 */
export async function recordStored(
  accountId: string,
  measuredAt: Date,
  stats: readonly BucketStats[],
): Promise<void> {
  await inTurn(accountId, async (tx) => {
    const last = await tx.usageCollection.findUnique({ where: { accountId } });
    if (last?.measuredAt && last.measuredAt > measuredAt) return;
    await tx.$executeRaw`
      WITH bucket_now AS (
        SELECT * FROM unnest(
          ${stats.map(({ bucket }) => bucket)}::text[],
          ${stats.map(({ sizeBytes }) => sizeBytes.toString())}::text[]::bigint[],
          ${stats.map(({ objectCount }) => objectCount.toString())}::text[]::bigint[]
        ) AS stats (bucket, size_bytes, object_count)
      ), before AS (
        SELECT DISTINCT ON (bucket, metric) bucket, metric, quantity FROM usage_record
        WHERE account_id = ${accountId}::uuid AND metric IN ('stored_bytes', 'objects') AND source = 'engine'
          AND hour = date_trunc('hour', ${last?.measuredAt ?? null}::timestamptz, 'UTC')
        ORDER BY bucket, metric, revision DESC
      ), reading AS (
        SELECT bucket, 'stored_bytes'::usage_metric AS metric, size_bytes AS quantity FROM bucket_now
        UNION ALL
        SELECT bucket, 'objects', object_count FROM bucket_now
        UNION ALL
        SELECT bucket, metric, 0 FROM before
        WHERE quantity <> 0 AND bucket NOT IN (SELECT bucket FROM bucket_now)
      )
      INSERT INTO usage_record (account_id, bucket, metric, hour, source, revision, quantity, measured_at)
      SELECT ${accountId}::uuid, reading.bucket, reading.metric, this.hour, 'engine',
             coalesce(known.revision, 0) + 1, reading.quantity, ${measuredAt}
      FROM reading
      CROSS JOIN (SELECT date_trunc('hour', ${measuredAt}::timestamptz, 'UTC') AS hour) this
      LEFT JOIN LATERAL (
        SELECT revision, quantity FROM usage_record
        WHERE account_id = ${accountId}::uuid AND bucket = reading.bucket AND metric = reading.metric
          AND hour = this.hour AND source = 'engine'
        ORDER BY revision DESC LIMIT 1
      ) known ON true
      WHERE known.quantity IS DISTINCT FROM reading.quantity
      ON CONFLICT DO NOTHING`;
    await tx.usageCollection.upsert({
      where: { accountId },
      create: { accountId, measuredAt },
      update: { measuredAt, lastError: null },
    });
  });
}

/**
 * One writer per account at a time. Two that found the same revision would otherwise both add the next: the
 * unique index stops that, but the slower one's reading would be lost.
 */
async function inTurn(accountId: string, write: (tx: Transaction) => Promise<void>): Promise<void> {
  await db.$transaction(async (tx) => {
    await oneAtATime(tx, `usage:${accountId}`);
    await write(tx);
  });
}
