import type { Queryable } from "./database.ts";
import { S3Error } from "./errors.ts";
import type { Lifecycle } from "./lifecycle/rules.ts";
import { evaluatePolicies, type PolicyStatement, parsePolicy } from "./policy.ts";
import type { Versioning } from "./versions.ts";

/** A user that a signature was verified for. */
export type Caller = {
  id: number;
  uid: string;
  tenant: string;
  displayName: string;
  maxBuckets: number;
  isAdmin: boolean;
  policies: PolicyStatement[];
};

export type Bucket = {
  id: number;
  name: string;
  ownerId: number;
  ownerUid: string;
  ownerDisplayName: string;
  createdAt: Date;
  versioning: Versioning;
  hasCors: boolean;
  lifecycle: Lifecycle | null;
  /** Whether any quota, its own or its owner's, may hold a write up. */
  hasQuota: boolean;
};

export type Credentials = {
  secretAccessKey: string;
  suspended: boolean;
  caller: Caller;
  /** The bucket of the request, if the caller's tenant has one of this name. */
  bucket: Bucket | null;
};

/** What is read of a bucket `b` and of its owner `o`. */
const BUCKET_COLUMNS = `b.id as bucket_id, b.name as bucket_name, b.owner_id, b.created_at, b.versioning,
  b.lifecycle_digest, b.cors is not null as has_cors, o.uid as owner_uid, o.display_name as owner_display_name,
  b.quota_enabled or o.quota_enabled or o.bucket_quota_enabled as has_quota`;

/**
 * Looks up an access key with its user and with the bucket that the request names: one query, since every request
 * begins with it.
 *
 * @returns null where the key is unknown, expired or removed: all of these look alike
 */
export async function findCredentials(
  database: Queryable,
  accessKeyId: string,
  bucketName: string,
): Promise<Credentials | null> {
  if (accessKeyId.includes("\0")) return null;
  const { rows } = await database.query(
    `select k.secret_access_key, u.id, u.uid, u.tenant, u.display_name, u.max_buckets, u.is_admin, u.suspended,
       array(select document from s3.user_policies p where p.user_id = u.id) as policies, ${BUCKET_COLUMNS}
     from s3.access_keys k
     join s3.users u on u.id = k.user_id
     left join s3.buckets b on b.tenant = u.tenant and b.name = $2
     left join s3.users o on o.id = b.owner_id
     where k.access_key_id = $1 and (k.expires_at is null or k.expires_at > now())`,
    [accessKeyId, bucketName],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    secretAccessKey: row.secret_access_key,
    suspended: row.suspended,
    caller: {
      id: row.id,
      uid: row.uid,
      tenant: row.tenant,
      displayName: row.display_name,
      maxBuckets: row.max_buckets,
      isAdmin: row.is_admin,
      policies: row.policies.flatMap(parseStoredPolicy),
    },
    bucket: row.bucket_id === null ? null : await readBucket(database, row),
  };
}

// Policies are read with every request and change rarely. The bound only keeps the memory finite.
const parsedPolicies = new Map<string, PolicyStatement[]>();
const PARSED_POLICIES_MAX = 10_000;

function parseStoredPolicy(document: string): PolicyStatement[] {
  let statements = parsedPolicies.get(document);
  if (!statements) {
    if (parsedPolicies.size >= PARSED_POLICIES_MAX) parsedPolicies.clear();
    statements = parsePolicy(document);
    parsedPolicies.set(document, statements);
  }
  return statements;
}

/** Finds a bucket among those of one tenant. Another tenant's bucket does not exist, as far as this one can tell. */
export async function findBucket(database: Queryable, tenant: string, name: string): Promise<Bucket | null> {
  const { rows } = await database.query(
    `select ${BUCKET_COLUMNS} from s3.buckets b join s3.users o on o.id = b.owner_id
     where b.tenant = $1 and b.name = $2`,
    [tenant, name],
  );
  return rows[0] ? readBucket(database, rows[0]) : null;
}

// biome-ignore lint/suspicious/noExplicitAny: a row with BUCKET_COLUMNS
async function readBucket(database: Queryable, row: any): Promise<Bucket> {
  return {
    id: row.bucket_id,
    name: row.bucket_name,
    ownerId: row.owner_id,
    ownerUid: row.owner_uid,
    ownerDisplayName: row.owner_display_name,
    createdAt: row.created_at,
    versioning: row.versioning,
    hasCors: row.has_cors,
    lifecycle:
      row.lifecycle_digest === null
        ? null
        : await readLifecycle(database, row.bucket_id, row.lifecycle_digest),
    hasQuota: row.has_quota,
  };
}

// By digest. A thousand rules take longer to read than all the rest of a request, and each one needs them.
const lifecycles = new Map<string, Lifecycle>();
const LIFECYCLES_MAX_BYTES = 16 * 1024 * 1024;
let lifecycleBytes = 0;

async function readLifecycle(
  database: Queryable,
  bucketId: number,
  digest: string,
): Promise<Lifecycle | null> {
  const known = lifecycles.get(digest);
  if (known) return known;
  const { rows } = await database.query<{ text: string | null; lifecycle_digest: string | null }>(
    "select lifecycle::text as text, lifecycle_digest from s3.buckets where id = $1",
    [bucketId],
  );
  // Changed since the digest was read: what there is now is as good.
  const { text, lifecycle_digest: current } = rows[0] ?? {};
  if (!text || !current) return null;
  const lifecycle: Lifecycle = JSON.parse(text);
  if (!lifecycles.has(current)) {
    lifecycleBytes += text.length;
    if (lifecycleBytes > LIFECYCLES_MAX_BYTES) {
      lifecycles.clear();
      lifecycleBytes = text.length;
    }
    lifecycles.set(current, lifecycle);
  }
  return lifecycle;
}

/**
 * Whether a user may do something to a bucket or an object in it: its owner anything that no policy denies, another
 * user of the tenant only what its policies allow.
 *
 * @param key empty for the bucket itself
 */
export function isAllowed(caller: Caller, bucket: Bucket, action: string, key: string): boolean {
  const resource = key === "" ? `arn:aws:s3:::${bucket.name}` : `arn:aws:s3:::${bucket.name}/${key}`;
  const verdict = evaluatePolicies(caller.policies, action, resource);
  if (verdict === "unspecified") return caller.id === bucket.ownerId;
  return verdict === "allow";
}

/**
 * Holds a request to what it says of a bucket's owner, by uid: `x-amz-expected-bucket-owner`, and for the source of a
 * copy `x-amz-source-expected-bucket-owner`.
 *
 * @throws S3Error AccessDenied
 */
export function checkExpectedOwner(bucket: Bucket, expectedUid: string | undefined): void {
  if (expectedUid !== undefined && expectedUid !== bucket.ownerUid) throw new S3Error("AccessDenied");
}

/**
 * The error for an object, or a version of one, that is not there. Only who may list the bucket is told so: from
 * anyone else it is hidden whether the key exists.
 */
export function missingKey(
  caller: Caller,
  bucket: Bucket,
  key: string,
  { versionId, headers = {} }: { versionId?: string | undefined; headers?: Record<string, string> } = {},
): S3Error {
  if (!isAllowed(caller, bucket, "s3:ListBucket", "")) return new S3Error("AccessDenied");
  if (versionId === undefined) return new S3Error("NoSuchKey", undefined, { details: { Key: key }, headers });
  return new S3Error("NoSuchVersion", undefined, { details: { Key: key, VersionId: versionId }, headers });
}
