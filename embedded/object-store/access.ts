import type { Queryable } from "./database.ts";
import { S3Error } from "./errors.ts";
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

export type Credentials = { secretAccessKey: string; suspended: boolean; caller: Caller };

export type Bucket = {
  id: number;
  name: string;
  ownerId: number;
  ownerUid: string;
  ownerDisplayName: string;
  createdAt: Date;
  versioning: Versioning;
  /** Whether any quota, its own or its owner's, may hold a write up. */
  hasQuota: boolean;
};

/** Looks up an access key with its user, or null where it is unknown or was removed. */
export async function findCredentials(database: Queryable, accessKeyId: string): Promise<Credentials | null> {
  if (accessKeyId.includes("\0")) return null;
  const { rows } = await database.query(
    `select k.secret_access_key, u.id, u.uid, u.tenant, u.display_name, u.max_buckets, u.is_admin, u.suspended,
       array(select document from s3.user_policies p where p.user_id = u.id) as policies
     from s3.access_keys k join s3.users u on u.id = k.user_id
     where k.access_key_id = $1`,
    [accessKeyId],
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
    `select b.id, b.name, b.owner_id, b.created_at, b.versioning, u.uid, u.display_name,
       b.quota_enabled or u.quota_enabled or u.bucket_quota_enabled as has_quota
     from s3.buckets b join s3.users u on u.id = b.owner_id
     where b.tenant = $1 and b.name = $2`,
    [tenant, name],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    id: row.id,
    name: row.name,
    ownerId: row.owner_id,
    ownerUid: row.uid,
    ownerDisplayName: row.display_name,
    createdAt: row.created_at,
    versioning: row.versioning,
    hasQuota: row.has_quota,
  };
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
 * The error for an object that is not there. Only who may list the bucket is told so: from anyone else it is hidden
 * whether the key exists.
 */
export function missingKey(
  caller: Caller,
  bucket: Bucket,
  key: string,
  headers: Record<string, string> = {},
): S3Error {
  if (!isAllowed(caller, bucket, "s3:ListBucket", "")) return new S3Error("AccessDenied");
  return new S3Error("NoSuchKey", undefined, { details: { Key: key }, headers });
}
