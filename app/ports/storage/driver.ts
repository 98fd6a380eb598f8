/**
 * The storage port: everything Balde asks of a storage engine.
 *
 * Rules that hold for every method, so that callers need no special cases:
 *
 * - **Idempotent.** Repeating a call with the same input, at once, later or after a crash midway, ends in the
 *   same state and answers success.
 * - **Bounded.** Every call ends within its deadline ({@link CallOptions}), hung engine or not.
 * - **One error type.** What happens at the engine is a `StorageError` with a code; `unavailable` is the only
 *   retryable one. A malformed argument is a `TypeError`: a bug of the caller.
 * - **Silent about secrets.** Secret keys appear in no error, no log and no answer.
 *
 * Sizes and counts are bigints (bytes, objects, requests); times are `Date`s.
 */
export interface StorageDriver {
  /** What this engine can do. `unavailable` when it cannot be asked. */
  capabilities(options?: CallOptions): Promise<StorageCapabilities>;

  /**
   * Whether the engine works, seen from outside: a signed request that reaches its metadata, because an
   * engine whose disks are gone may still answer unsigned ones. Throws what is wrong (`unavailable`;
   * `denied` when the engine does not accept the installation's admin key).
   */
  checkHealth(options?: CallOptions): Promise<{ latencyMs: number }>;

  /**
   * Creates the tenant: its owner (who owns all its buckets), the management key and the quota.
   *
   * The caller makes the management key and stores it (encrypted) before calling, so that a retry sends the
   * same pair. Afterwards that pair is the owner's only key: a key left by an earlier attempt is removed.
   * Called again on an existing tenant it repairs what is missing and sets display name and quota anew.
   * `already-exists` when the engine has the access key id elsewhere: make another pair. For jobs.
   */
  provisionTenant(input: ProvisionTenantInput, options?: CallOptions): Promise<void>;

  /** The tenant as the engine knows it; `not-found` when it does not. */
  getTenant(tenant: string, options?: CallOptions): Promise<Tenant>;

  /** Replaces the tenant's quota. `not-found` without such a tenant. For jobs. */
  setQuota(input: { tenant: string; quota: TenantQuota }, options?: CallOptions): Promise<void>;

  /**
   * Stops all access keys of the tenant at once; the management key keeps working, so that the console can
   * still show and settle the account. Looks through all users of the engine: for jobs, not for pages.
   */
  suspendTenant(tenant: string, options?: CallOptions): Promise<void>;

  /**
   * Wakes the keys named after {@link suspendTenant}, each with its permission and buckets (see
   * {@link setAccessKeyActive}). Keys that are not named stay stopped: name those that are active in the
   * console, and not the ones that were inactive for reasons of their own. For jobs.
   */
  resumeTenant(
    input: { tenant: string; keys: readonly AccessKeyGrant[] },
    options?: CallOptions,
  ): Promise<void>;

  /**
   * Removes the tenant's access keys and then its owner; success when there is nothing to remove.
   * `bucket-not-empty` while it owns a bucket, with all its access keys left in place. Read the last usage
   * first. For jobs.
   */
  removeTenant(tenant: string, options?: CallOptions): Promise<void>;

  /**
   * Creates a bucket that the management key's tenant owns and that nobody can make public; success when that
   * tenant already has it. `bucket-taken` when the name is somebody else's, `quota-exceeded` over the engine's limit of buckets.
   */
  createBucket(input: BucketInput, options?: CallOptions): Promise<void>;

  /**
   * Deletes an empty bucket; success when it is not there. `bucket-not-empty` otherwise. Uploads still open
   * in it are aborted with it on some engines.
   */
  deleteBucket(input: BucketInput, options?: CallOptions): Promise<void>;

  /** Whether the tenant has this bucket. */
  headBucket(input: BucketInput, options?: CallOptions): Promise<boolean>;

  /** All buckets of the management key's tenant, by name. Costs no statistics. */
  listBuckets(
    input: { managementKey: AccessKeyPair },
    options?: CallOptions,
  ): Promise<Array<{ name: string; createdAt: Date }>>;

  /**
   * Sizes of one bucket, or of all of the tenant's by name. All of them cost the engine a read per bucket:
   * pages ask for the rows they show, jobs for the whole. `not-found` for a bucket that is not there; no rows
   * for a tenant that is not.
   */
  bucketStats(input: { tenant: string; bucket?: string }, options?: CallOptions): Promise<BucketStats[]>;

  /**
   * Creates an access key: a user of its own at the engine, which may read, or read and write, objects in the
   * named buckets, and may not create, delete or configure buckets. Called again it sets permission and
   * buckets anew, leaves the pair given as the user's only key, and leaves active or inactive as it was.
   * `not-found` without such a tenant, `already-exists` when the access key id belongs to another user.
   */
  createAccessKey(input: CreateAccessKeyInput, options?: CallOptions): Promise<void>;

  /** The tenant's access keys as the engine has them. Looks through all its users: for jobs. */
  listAccessKeys(tenant: string, options?: CallOptions): Promise<EngineAccessKey[]>;

  /**
   * Stops or wakes one access key; at once and reversible. `not-found` without such a key.
   *
   * Takes the whole grant, because a gateway forgets a user's policies whenever the user changes: permission and
   * buckets are set anew, to what the console has.
   */
  setAccessKeyActive(
    input: AccessKeyGrant & { tenant: string; active: boolean },
    options?: CallOptions,
  ): Promise<void>;

  /** Removes an access key for good; the objects it wrote stay. Success when it is not there. */
  revokeAccessKey(input: { tenant: string; user: string }, options?: CallOptions): Promise<void>;

  /**
   * Requests and traffic per bucket and UTC hour, `from` inclusive, `to` exclusive, both on the hour. An hour
   * may still grow until `capabilities().usageLagSeconds` after its end. No rows for a tenant that is not
   * there. `sizeBytes` is no part of it: sample {@link bucketStats}.
   */
  usage(input: { tenant: string; from: Date; to: Date }, options?: CallOptions): Promise<UsageHour[]>;
}

export interface CallOptions {
  /**
   * Milliseconds for the whole call, all its requests and retries. Default {@link DEFAULT_DEADLINE_MS}, and
   * {@link JOB_DEADLINE_MS} for the methods marked "for jobs".
   */
  deadlineMs?: number;
}

/** Long enough for a busy engine, short enough for a worker. */
export const DEFAULT_DEADLINE_MS = 10_000;
/** For calls that a person waits for: a hung engine may cost a page three seconds, rendering included. */
export const PAGE_DEADLINE_MS = 2_000;
/** For calls that nobody waits for: they look through all users of the engine, or sit out its repairs. */
export const JOB_DEADLINE_MS = 120_000;

export interface StorageCapabilities {
  /** How tenants are kept: a tenant with an owner and one user per access key (Ceph 16.2 to 18 and later). */
  tenancy: "tenant-users";
  /**
   * Which of Balde's own traffic {@link UsageHour} tells apart: all that the management key does, or only
   * bucket administration, which no access key may do (the engine counts by bucket owner, not by requester).
   */
  managementTraffic: "all" | "bucket-administration";
  /** `soft`: concurrent uploads may overshoot a quota before the engine notices. */
  quotaEnforcement: "exact" | "soft";
  /** Seconds after which an hour's usage is final on an engine with its usual settings. */
  usageLagSeconds: number;
}

/** Null is unlimited. */
export interface TenantQuota {
  maxSizeBytes: bigint | null;
  maxObjects: bigint | null;
}

/** An S3 access key id and its secret, as `generateAccessKey` makes them. */
export interface AccessKeyPair {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface ProvisionTenantInput {
  /** The tenant's name at the engine: 1 to 64 of `[A-Za-z0-9_]`, never reused. */
  tenant: string;
  /** Shown by the engine's own tools only. */
  displayName: string;
  managementKey: AccessKeyPair;
  quota: TenantQuota;
}

export interface Tenant {
  tenant: string;
  displayName: string;
  quota: TenantQuota;
  /** Of the owner: the management key's, and any that somebody made at the engine. */
  accessKeyIds: string[];
}

export interface BucketInput {
  managementKey: AccessKeyPair;
  bucket: string;
}

export interface BucketStats {
  bucket: string;
  /** All versions and uploaded parts: what the quota counts. */
  sizeBytes: bigint;
  /** All versions and delete markers, as the engine counts them. */
  objectCount: bigint;
}

/** What an access key may do. */
export interface AccessKeyGrant {
  /** The key's user within the tenant: 1 to 64 of `[A-Za-z0-9_-]`, never reused, not `owner`. */
  user: string;
  permission: "read" | "read_write";
  /** Names of the tenant's buckets (they need not exist yet), or all present and future ones. */
  buckets: readonly string[] | "all";
}

export interface CreateAccessKeyInput extends AccessKeyGrant, AccessKeyPair {
  tenant: string;
}

export interface EngineAccessKey {
  user: string;
  /** One, unless somebody changed it at the engine. */
  accessKeyIds: string[];
  active: boolean;
}

export interface UsageHour {
  /** A bucket's name, of a deleted bucket too. */
  bucket: string;
  /** Start of the UTC hour. */
  hour: Date;
  /** Whose: the tenant's, or Balde's own as far as the engine can tell. */
  traffic: "tenant" | "management";
  /** Successful requests that read an object or its attributes. */
  readRequests: bigint;
  /** All other successful requests: writes, copies, deletions, lists. */
  writeRequests: bigint;
  /** Body bytes from the client to the engine. */
  ingressBytes: bigint;
  /** Body bytes from the engine to the client. */
  egressBytes: bigint;
}
