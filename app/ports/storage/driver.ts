import type { TenantAdoption } from "./adoption.ts";
import type { BucketSettings } from "./bucket-settings.ts";
import type { BucketInput, BucketStats, UsageHour } from "./buckets.ts";
import type { CallOptions } from "./call-options.ts";
import type { EngineHealth, StorageCapabilities } from "./capabilities.ts";
import type { ObjectStorage } from "./objects.ts";
import type {
  AccessKeyGrant,
  AccessKeyPair,
  CreateAccessKeyInput,
  EngineAccessKey,
  ProvisionTenantInput,
  Tenant,
  TenantQuota,
} from "./tenants.ts";

export type { AdoptTenantInput, EngineBucket, EngineGrant, EngineTenant, TenantState } from "./adoption.ts";
export type { CorsRule, LifecycleRule, Tag, Versioning } from "./bucket-settings.ts";
export type { BucketInput, BucketStats, StorageBreakdown, UsageHour } from "./buckets.ts";
export { type CallOptions, DEFAULT_DEADLINE_MS, JOB_DEADLINE_MS, PAGE_DEADLINE_MS } from "./call-options.ts";
export type { EngineHealth, StorageCapabilities } from "./capabilities.ts";
export type {
  ObjectContent,
  ObjectDetails,
  ObjectListed,
  ObjectPage,
  ObjectStorage,
  UploadPage,
  VersionListed,
  VersionPage,
} from "./objects.ts";
export type {
  AccessKeyGrant,
  AccessKeyPair,
  CreateAccessKeyInput,
  EngineAccessKey,
  ProvisionTenantInput,
  Tenant,
  TenantQuota,
} from "./tenants.ts";

/**
 * The storage port: everything Balde asks of a storage engine.
 *
 * Rules that hold for every method, so that callers need no special cases:
 *
 * - **Idempotent.** Repeating a call with the same input, at once, later or after a crash midway, ends in the
 *   same state and answers success.
 * - **Bounded.** Every call ends within its deadline ({@link CallOptions}), hung engine or not. While the engine is
 *   known not to answer ({@link StorageDriver.health}), a call for a page fails within a quarter of a second.
 * - **One error type.** What happens at the engine is a `StorageError` with a code; `unavailable` is the only
 *   retryable one. A malformed argument is a `TypeError`: a bug of the caller.
 * - **Silent about secrets.** Secret keys appear in no error, no log and no answer.
 *
 * Sizes and counts are bigints (bytes, objects, requests); times are `Date`s.
 */
export interface StorageDriver extends BucketSettings, ObjectStorage, TenantAdoption {
  /**
   * What this engine can do. Found out with the first call and remembered for ten minutes, or until the engine was
   * away: it may have been upgraded. `unavailable` when it cannot be asked.
   */
  capabilities(options?: CallOptions): Promise<StorageCapabilities>;

  /**
   * Whether the engine works, seen from outside: a signed request that reaches its metadata, because an
   * engine whose disks are gone may still answer unsigned ones. Throws what is wrong (`unavailable`;
   * `denied` when the engine does not accept the installation's admin key).
   */
  checkHealth(options?: CallOptions): Promise<{ latencyMs: number }>;

  /**
   * Whether the engine answers at present, from what this process saw of it; asks nothing and never throws.
   * While it does not, a call with {@link PAGE_DEADLINE_MS} or less is `unavailable` after a quarter of a second
   * (`engineCode` `CircuitOpen`), and any other waits up to ten seconds for the engine before it is.
   */
  health(): EngineHealth;

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
   * tenant already has it. `bucket-taken` when the name is somebody else's, `quota-exceeded` over the engine's limit of
   * buckets.
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

  /**
   * Removes an access key for good; the objects it wrote stay. Success when it is not there. `bucket-not-empty` for a
   * user made elsewhere that still owns a bucket, whatever is in it: see {@link takeOverBucket}.
   */
  revokeAccessKey(input: { tenant: string; user: string }, options?: CallOptions): Promise<void>;

  /**
   * When each of the tenant's access keys last signed a request that the engine accepted, by its user; null for one
   * that never did. One request, fit for a page. Empty without such a tenant; `unsupported` where
   * `capabilities().keyLastUse` is null.
   */
  keysLastUse(input: { tenant: string }, options?: CallOptions): Promise<Map<string, Date | null>>;

  /**
   * Requests and traffic per bucket and UTC hour, `from` inclusive, `to` exclusive, both on the hour. An hour
   * may still grow until `capabilities().usageLagSeconds` after its end. No rows for a tenant that is not
   * there. `sizeBytes` is no part of it: sample {@link bucketStats}.
   */
  usage(input: { tenant: string; from: Date; to: Date }, options?: CallOptions): Promise<UsageHour[]>;
}
