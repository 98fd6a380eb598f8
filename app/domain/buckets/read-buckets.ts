import type { BucketState } from "#app/generated/prisma/enums.ts";
import { db, emptySql, literalPattern, sql } from "#app/ports/db.server.ts";
import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readEngineTenant } from "../accounts/engine-tenant.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { pageOf } from "../paging.ts";
import { findMeasuredSize } from "../usage/read-usage.ts";
import { bucketFilter } from "./schema.ts";
import { type BucketProblem, parseProblem } from "./states.ts";

export interface BucketListed {
  id: string;
  name: string;
  state: BucketState;
  problem: BucketProblem | null;
  createdAt: Date;
  /** Name of the person who made it; null where nobody of that kind did. */
  createdBy: string | null;
}

/** The account's buckets, newest first, 25 a page. `q` is how their names begin. */
export async function listBuckets(context: Context, query: Record<string, string>) {
  const accountId = authorizeInAccount(context, "buckets:list");
  const { q: search, after: cursor } = bucketFilter.parse({ q: "", ...query });
  const rows = await db.$queryRaw<(Omit<BucketListed, "problem"> & { lastError: string | null })[]>`
    SELECT b.id, b.name, b.state::text AS state, b.last_error AS "lastError", b.created_at AS "createdAt",
           u.name AS "createdBy"
    FROM bucket b LEFT JOIN "user" u ON u.id = b.created_by_id
    WHERE b.account_id = ${accountId}::uuid AND b.deleted_at IS NULL
      ${search ? sql`AND b.name LIKE ${`${literalPattern(search)}%`}` : emptySql}
      ${cursor ? sql`AND (b.created_at, b.id) < (${cursor.at}, ${cursor.id}::uuid)` : emptySql}
    ORDER BY b.created_at DESC, b.id DESC
    LIMIT ${pageOf.size + 1}`;
  const page = pageOf(rows, (row) => ({ at: row.createdAt, id: row.id }));
  return {
    buckets: page.rows.map(
      ({ lastError, ...row }): BucketListed => ({
        ...row,
        problem: parseProblem(lastError),
      }),
    ),
    next: page.next,
    filter: { q: search },
    isFirst: !cursor,
  };
}

/** One bucket of the account. Throws `not-found` for a deleted one too. */
export async function getBucket(context: Context, bucketId: string): Promise<BucketListed> {
  const accountId = authorizeInAccount(context, "buckets:read");
  const bucket = await db.bucket.findFirst({
    where: { id: bucketId, accountId, deletedAt: null },
    select: {
      id: true,
      name: true,
      state: true,
      lastError: true,
      createdAt: true,
      createdBy: { select: { name: true } },
    },
  });
  if (!bucket) throw new DomainError("not-found");
  const { lastError, createdBy, ...rest } = bucket;
  return { ...rest, problem: parseProblem(lastError), createdBy: createdBy?.name ?? null };
}

/** The name of a bucket of the account that was deleted; null for any other id. */
export async function findDeletedBucketName(context: Context, bucketId: string): Promise<string | null> {
  const accountId = authorizeInAccount(context, "buckets:read");
  const bucket = await db.bucket.findFirst({
    where: { id: bucketId, accountId, deletedAt: { not: null } },
    select: { name: true },
  });
  return bucket?.name ?? null;
}

export interface BucketSize {
  /** All versions and uploaded parts. */
  sizeBytes: bigint;
  objectCount: bigint;
  measuredAt: Date;
  /** Whether the engine says so now; else it did not answer, and this is the last measurement of the usage. */
  isCurrent: boolean;
}

/**
 * How full a bucket is, asked of the engine; as it was last measured where the engine does not answer in a page's
 * time. Null where that is not known either, or the engine has no such bucket.
 */
export async function findBucketSize(context: Context, bucketName: string): Promise<BucketSize | null> {
  const accountId = authorizeInAccount(context, "buckets:read");
  try {
    const [stats] = await storage.bucketStats(
      { tenant: await readEngineTenant(accountId), bucket: bucketName },
      { deadlineMs: PAGE_DEADLINE_MS },
    );
    if (!stats) return null;
    const { sizeBytes, objectCount } = stats;
    return { sizeBytes, objectCount, measuredAt: new Date(), isCurrent: true };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return error.retryable ? findLastSize(context, bucketName) : null;
  }
}

async function findLastSize(context: Context, bucketName: string): Promise<BucketSize | null> {
  const measured = await findMeasuredSize(context, bucketName);
  if (!measured) return null;
  const { storedBytes, objects, measuredAt } = measured;
  return { sizeBytes: storedBytes, objectCount: objects, measuredAt, isCurrent: false };
}
