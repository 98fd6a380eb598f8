import type { BucketInput } from "./buckets.ts";
import type { CallOptions } from "./call-options.ts";
import type { TenantQuota } from "./tenants.ts";

/**
 * Settings of buckets: they live in the engine and are read through. Like all methods of the port they may be
 * repeated; for a bucket that is not there each is `not-found`. What an engine can keep stands in
 * {@link StorageCapabilities}.
 */
export interface BucketSettings {
  /** `unset` when nobody ever turned it on; never again after that. */
  getVersioning(input: BucketInput, options?: CallOptions): Promise<Versioning>;

  setVersioning(
    input: BucketInput & { versioning: Exclude<Versioning, "unset"> },
    options?: CallOptions,
  ): Promise<void>;

  /** The bucket's rules in the engine's order; none when it has no configuration. */
  getLifecycle(input: BucketInput, options?: CallOptions): Promise<LifecycleRule[]>;

  /**
   * Replaces all rules; no rules removes the configuration. Read back and compared: when the engine did not keep a
   * rule whole, the rules before are put back and the call is `unsupported`, with the name of the condition (such
   * as `NewerNoncurrentVersions`) as `engineCode`.
   */
  setLifecycle(
    input: BucketInput & { rules: readonly LifecycleRule[] },
    options?: CallOptions,
  ): Promise<void>;

  /** Success when there is none. */
  deleteLifecycle(input: BucketInput, options?: CallOptions): Promise<void>;

  /** The bucket's CORS rules in order; none when it has no configuration. */
  getCors(input: BucketInput, options?: CallOptions): Promise<CorsRule[]>;

  /** Replaces all rules, read back and compared like {@link setLifecycle}; no rules removes the configuration. */
  setCors(input: BucketInput & { rules: readonly CorsRule[] }, options?: CallOptions): Promise<void>;

  /** Success when there is none. */
  deleteCors(input: BucketInput, options?: CallOptions): Promise<void>;

  /** The bucket's tags by key; none when it has no tag set. */
  getBucketTags(input: BucketInput, options?: CallOptions): Promise<Tag[]>;

  /** Replaces all tags; no tags removes the tag set. */
  setBucketTags(input: BucketInput & { tags: readonly Tag[] }, options?: CallOptions): Promise<void>;

  /** Success when there is none. */
  deleteBucketTags(input: BucketInput, options?: CallOptions): Promise<void>;

  /** The bucket's own quota, within the tenant's. `not-found` without such a bucket. */
  getBucketQuota(input: { tenant: string; bucket: string }, options?: CallOptions): Promise<TenantQuota>;

  /** Replaces the bucket's own quota. `not-found` without such a bucket. */
  setBucketQuota(
    input: { tenant: string; bucket: string; quota: TenantQuota },
    options?: CallOptions,
  ): Promise<void>;
}

export type Versioning = "unset" | "enabled" | "suspended";

/** S3 object tags and bucket tags alike. */
export interface Tag {
  key: string;
  value: string;
}

/** One rule of a bucket's lifecycle: which objects, and what happens to them when. At least one action. */
export interface LifecycleRule {
  /** 1 to 255 characters, unique within the bucket. */
  id: string;
  enabled: boolean;
  /** All of them must match; none matches every object. Sizes in bytes, both exclusive. */
  filter: { prefix?: string; tags?: readonly Tag[]; sizeGreaterThan?: bigint; sizeLessThan?: bigint };
  /** Of current versions: days after their creation, a midnight UTC, or markers with no version behind them. */
  expiration?: { days: number } | { date: Date } | { expiredDeleteMarkers: true };
  /** Of noncurrent versions: days after another took their place, sparing the `newerVersions` latest (1 to 100). */
  noncurrentExpiration?: { days: number; newerVersions?: number };
  /** Of uploads that were never completed. */
  abortUploadsAfterDays?: number;
  /**
   * Only when read: names of what the rule also says and the console does not know (such as `Transition`).
   * Setting such a rule is `unsupported`, since it would be lost.
   */
  unknown?: readonly string[];
}

export interface CorsRule {
  id?: string;
  /** Origins with at most one `*` each. */
  allowedOrigins: readonly string[];
  allowedMethods: ReadonlyArray<"GET" | "PUT" | "POST" | "DELETE" | "HEAD">;
  allowedHeaders?: readonly string[];
  exposeHeaders?: readonly string[];
  maxAgeSeconds?: number;
}
