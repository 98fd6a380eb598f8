import type { AccessKeyPermission, AccessKeyState } from "#app/generated/prisma/enums.ts";
import { db, emptySql, literalPattern, sql } from "#app/ports/db.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { pageOf } from "../paging.ts";
import { searchPattern } from "../search-pattern.ts";
import { lastMoment, readAllowedEnd } from "./key-policy.ts";
import { accessKeyFilter } from "./schema.ts";
import { standingStates } from "./states.ts";

export interface AccessKeyListed {
  id: string;
  name: string;
  /** The first characters of the access key id: enough to tell keys apart. */
  maskedId: string;
  permission: AccessKeyPermission;
  allBuckets: boolean;
  /** Names of the chosen buckets, by name. */
  buckets: string[];
  state: AccessKeyState;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** For a key that would work for longer than the policy allows: the last moment that it allows. Else null. */
  allowedUntil: Date | null;
}

/**
 * The account's access keys, newest first, 25 a page. `q` is part of a name, or how an access key id begins. Keys that
 * came to nothing are no keys.
 */
export async function listAccessKeys(context: Context, query: Record<string, string>) {
  const accountId = authorizeInAccount(context, "access-keys:list");
  const { q, state, after: cursor } = accessKeyFilter.parse({ q: "", ...query });
  const beyond = allowedUntil((await readAllowedEnd(accountId)).maxAgeDays);
  const rows = await db.$queryRaw<(Omit<AccessKeyListed, "maskedId"> & { accessKeyId: string })[]>`
    SELECT k.id, k.name, k.access_key_id AS "accessKeyId", k.permission::text AS permission,
           k.all_buckets AS "allBuckets", k.state::text AS state, k.created_at AS "createdAt",
           k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt", ${beyond} AS "allowedUntil",
           ARRAY(
             SELECT b.name FROM access_key_bucket kb JOIN bucket b ON b.id = kb.bucket_id
             WHERE kb.access_key_id = k.id AND b.deleted_at IS NULL ORDER BY b.name
           ) AS buckets
    FROM access_key k
    WHERE k.account_id = ${accountId}::uuid AND k.state <> 'failed'
      ${state === "beyond-policy" ? sql`AND ${isStandingSql} AND ${beyond} IS NOT NULL` : emptySql}
      ${state && state !== "beyond-policy" ? sql`AND ${isInState[state]}` : emptySql}
      ${q ? sql`AND (k.name ILIKE ${searchPattern(q)} OR k.access_key_id LIKE ${`${literalPattern(q)}%`})` : emptySql}
      ${cursor ? sql`AND (k.created_at, k.id) < (${cursor.at}, ${cursor.id}::uuid)` : emptySql}
    ORDER BY k.created_at DESC, k.id DESC
    LIMIT ${pageOf.size + 1}`;
  const page = pageOf(rows, (row) => ({ at: row.createdAt, id: row.id }));
  return {
    accessKeys: page.rows.map(
      ({ accessKeyId, ...row }): AccessKeyListed => ({
        ...row,
        maskedId: mask(accessKeyId),
      }),
    ),
    next: page.next,
    filter: { q, state: state ?? "" },
    isFirst: !cursor,
  };
}

/** In these words PostgreSQL finds the index of the keys that could be used: revoked ones add up. */
const isStandingSql = sql`k.state NOT IN ('revoked', 'failed')`;

const isInState = {
  active: sql`${isStandingSql} AND k.state = 'active'`,
  inactive: sql`${isStandingSql} AND k.state IN ('deactivating', 'inactive', 'reactivating')`,
  revoked: sql`k.state IN ('revoking', 'revoked')`,
};

/** The last moment that the policy allows a key that would work after it; null for any other. */
function allowedUntil(maxAgeDays: number | null) {
  if (maxAgeDays === null) return sql`NULL::timestamptz`;
  const last = lastMoment(sql`k.created_at`, maxAgeDays);
  return sql`CASE WHEN k.state IN ('active', 'deactivating', 'inactive', 'reactivating')
                   AND (k.expires_at IS NULL OR k.expires_at > ${last}) THEN ${last} END`;
}

/** One access key of the account, with its whole id and never its secret, which Balde does not have. */
export async function getAccessKey(context: Context, id: string) {
  const accountId = authorizeInAccount(context, "access-keys:read");
  const key = await db.accessKey.findFirst({
    where: { id, accountId, state: { not: "failed" } },
    select: {
      id: true,
      name: true,
      accessKeyId: true,
      permission: true,
      allBuckets: true,
      state: true,
      lastError: true,
      createdAt: true,
      expiresAt: true,
      revokedAt: true,
      createdBy: { select: { name: true } },
      buckets: {
        where: { bucket: { deletedAt: null } },
        orderBy: { bucket: { name: "asc" } },
        select: { bucket: { select: { id: true, name: true } } },
      },
    },
  });
  if (!key) throw new DomainError("not-found");
  const { maxAgeDays } = await readAllowedEnd(accountId);
  const [row] = await db.$queryRaw<{ allowedUntil: Date | null }[]>`
    SELECT ${allowedUntil(maxAgeDays)} AS "allowedUntil" FROM access_key k WHERE k.id = ${id}::uuid`;
  return {
    ...key,
    allowedUntil: row?.allowedUntil ?? null,
    createdBy: key.createdBy?.name ?? null,
    buckets: key.buckets.map(({ bucket }) => bucket),
  };
}

/** More keys than this are looked for in the list of keys. */
const shownOnBucket = 20;

/** The keys that can reach a bucket, newest first, the first 20 of them; one more tells that there are more. */
export async function listKeysForBucket(context: Context, bucketId: string) {
  const accountId = authorizeInAccount(context, "access-keys:list");
  const keys = await db.accessKey.findMany({
    where: {
      accountId,
      state: { in: [...standingStates, "revoking"] },
      OR: [{ allBuckets: true }, { buckets: { some: { bucketId } } }],
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: shownOnBucket + 1,
    select: { id: true, name: true, accessKeyId: true, permission: true, allBuckets: true, state: true },
  });
  return {
    keys: keys.slice(0, shownOnBucket).map(({ accessKeyId, ...key }) => ({
      ...key,
      maskedId: mask(accessKeyId),
    })),
    hasMore: keys.length > shownOnBucket,
  };
}

/** The working keys of the account that a user made, by name, at most 200: what their leaving leaves behind. */
export async function listKeysMadeBy(context: Context, userId: string) {
  const accountId = authorizeInAccount(context, "access-keys:list");
  return db.accessKey.findMany({
    where: { accountId, createdById: userId, state: { in: [...standingStates] } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: 200,
    select: { id: true, name: true },
  });
}

/** What a new key may be made for: the account's active buckets by name, at most 200. */
export async function listGrantableBuckets(context: Context) {
  const accountId = authorizeInAccount(context, "access-keys:create");
  return db.bucket.findMany({
    where: { accountId, state: "active", deletedAt: null },
    orderBy: { name: "asc" },
    take: 200,
    select: { id: true, name: true },
  });
}

function mask(accessKeyId: string): string {
  return `${accessKeyId.slice(0, 8)}…`;
}
