import { z } from "zod";
import { db, emptySql, sql } from "#app/ports/db.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { cursorParameter, pageOf } from "../paging.ts";
import { countsFromJson } from "./counts.ts";
import { findStats, type KindShown, kindsOf, shareOf } from "./read-hidden-bytes.ts";
import { isOfAPart } from "./read-surveys.ts";
import { type KindOfBytes, kindsOfBytes } from "./states.ts";

export interface BucketBytes {
  id: string;
  name: string;
  /** Null where neither the engine nor a survey tells. */
  kinds: Record<KindOfBytes, KindShown> | null;
  totalBytes: bigint;
  /** Whether the engine tells the bytes now. */
  isLive: boolean;
  /** When its latest survey ended, which the counts are of; null where there was none. */
  surveyedAt: Date | null;
  isPartial: boolean;
  isUnderWay: boolean;
}

export interface AccountBytes {
  /** Of all buckets that were surveyed, as the latest survey of each found them. */
  kinds: KindShown[];
  totalBytes: bigint;
  buckets: number;
  surveyed: number;
  /** The latest surveys lie between these; null where there are none. */
  oldestAt: Date | null;
  newestAt: Date | null;
  /** Surveys that wait or run. */
  underWay: number;
}

const filter = z.object({ after: cursorParameter });

/**
 * What the bytes of the account's buckets are made of: sums of all, and a page of buckets, newest first. The engine is
 * asked for the buckets of the page alone, since each costs it a look.
 */
export async function listHiddenBytes(context: Context, query: Record<string, string> = {}) {
  const accountId = authorizeInAccount(context, "buckets:read-settings");
  const { after: cursor } = filter.parse(query);
  const [account, rows] = await Promise.all([
    readAccountBytes(accountId),
    db.$queryRaw<Row[]>`
      SELECT b.id, b.name, b.created_at AS "createdAt", s.counts, s.ended_at AS "surveyedAt", EXISTS (
          SELECT FROM bucket_survey WHERE bucket_id = b.id AND state IN ('queued', 'running')
        ) AS "isUnderWay"
      FROM bucket b LEFT JOIN LATERAL (${latestWhole}) s ON true
      WHERE b.account_id = ${accountId}::uuid AND b.deleted_at IS NULL AND b.state = 'active'
        ${cursor ? sql`AND (b.created_at, b.id) < (${cursor.at}, ${cursor.id}::uuid)` : emptySql}
      ORDER BY b.created_at DESC, b.id DESC
      LIMIT ${pageOf.size + 1}`,
  ]);
  const page = pageOf(rows, ({ createdAt, id }) => ({ at: createdAt, id }));
  const buckets = await Promise.all(page.rows.map((row) => bucketBytes(accountId, row)));
  return { account, buckets, next: page.next, isFirst: !cursor };
}

interface Row {
  id: string;
  name: string;
  createdAt: Date;
  counts: unknown;
  surveyedAt: Date | null;
  isUnderWay: boolean;
}

/** The latest survey of a whole bucket `b`, at its end or at a bound. */
const latestWhole = sql`
  SELECT counts, ended_at FROM bucket_survey
  WHERE bucket_id = b.id AND state IN ('finished', 'partial') AND counts->>'prefix' = ''
  ORDER BY created_at DESC LIMIT 1`;

async function bucketBytes(accountId: string, row: Row): Promise<BucketBytes> {
  const { id, name, surveyedAt, isUnderWay } = row;
  const stats = await findStats(accountId, name);
  const counts = countsFromJson(row.counts);
  const kinds = kindsOf(stats?.breakdown ?? null, counts);
  return {
    id,
    name,
    kinds: kinds && byKind(kinds),
    totalBytes: (kinds ?? []).reduce((total, { bytes }) => total + bytes, 0n),
    isLive: Boolean(stats?.breakdown),
    surveyedAt,
    isPartial: counts !== null && isOfAPart(counts),
    isUnderWay,
  };
}

function byKind(kinds: readonly KindShown[]): Record<KindOfBytes, KindShown> {
  return Object.fromEntries(kinds.map((shown) => [shown.kind, shown])) as Record<KindOfBytes, KindShown>;
}

interface Sums {
  buckets: number;
  surveyed: number;
  underWay: number;
  oldestAt: Date | null;
  newestAt: Date | null;
  currentCount: bigint;
  currentBytes: bigint;
  noncurrentCount: bigint;
  noncurrentBytes: bigint;
  markersCount: bigint;
  uploadsCount: bigint;
  uploadsBytes: bigint;
}

async function readAccountBytes(accountId: string): Promise<AccountBytes> {
  const [sums] = await db.$queryRaw<Sums[]>`
    SELECT count(*)::int AS buckets, count(s.ended_at)::int AS surveyed,
      min(s.ended_at) AS "oldestAt", max(s.ended_at) AS "newestAt",
      (SELECT count(*)::int FROM bucket_survey
        WHERE account_id = ${accountId}::uuid AND state IN ('queued', 'running')) AS "underWay",
      ${sumOf("current", "count")} AS "currentCount", ${sumOf("current", "bytes")} AS "currentBytes",
      ${sumOf("noncurrent", "count")} AS "noncurrentCount", ${sumOf("noncurrent", "bytes")} AS "noncurrentBytes",
      ${sumOf("markers", "count")} AS "markersCount",
      ${sumOf("uploads", "count")} AS "uploadsCount", ${sumOf("uploads", "bytes")} AS "uploadsBytes"
    FROM bucket b LEFT JOIN LATERAL (${latestWhole}) s ON true
    WHERE b.account_id = ${accountId}::uuid AND b.deleted_at IS NULL AND b.state = 'active'`;
  if (!sums) throw new Error("an aggregate without GROUP BY has one row");
  const { buckets, surveyed, oldestAt, newestAt, underWay } = sums;
  const amounts: Record<KindOfBytes, { count: bigint; bytes: bigint }> = {
    current: { count: sums.currentCount, bytes: sums.currentBytes },
    noncurrent: { count: sums.noncurrentCount, bytes: sums.noncurrentBytes },
    markers: { count: sums.markersCount, bytes: 0n },
    uploads: { count: sums.uploadsCount, bytes: sums.uploadsBytes },
  };
  const totalBytes = sums.currentBytes + sums.noncurrentBytes + sums.uploadsBytes;
  const kinds = kindsOfBytes.map((kind) => ({
    kind,
    ...amounts[kind],
    share: shareOf(amounts[kind].bytes, totalBytes),
  }));
  return { kinds, totalBytes, buckets, surveyed, oldestAt, newestAt, underWay };
}

function sumOf(kind: KindOfBytes, figure: "count" | "bytes") {
  return sql`coalesce(sum((s.counts->${kind}->>${figure})::numeric), 0)::bigint`;
}
