/** What the installation's engine can do, as it was found when it was asked: the console shows only that. */
export interface StorageCapabilities {
  /** What answers, for operators. */
  engine: "embedded" | "ceph";
  /**
   * How tenants are kept. `tenant-users`: a tenant with an owner and one user per access key (the embedded store,
   * and Ceph from 16.2 to 18, shown working on 16.2). `none`: this driver cannot keep tenants there, see
   * {@link limitation}; what makes or changes a tenant or a key is `unsupported`.
   */
  tenancy: "tenant-users" | "none";
  /**
   * Why {@link tenancy} is `none`, else null. `accounts-not-supported-yet`: Ceph 19.2 or later. It gives no IAM
   * policies to users of a tenant any more; its own accounts are left for another time. See
   * docs/decisions/0018-tenant-mode-and-what-is-probed.md.
   */
  limitation: "accounts-not-supported-yet" | null;
  /**
   * Which of Balde's own traffic {@link UsageHour} tells apart: all that the management key does, or only
   * bucket administration, which no access key may do (the engine counts by bucket owner, not by requester).
   */
  managementTraffic: "all" | "bucket-administration";
  /** `soft`: concurrent uploads may overshoot a quota before the engine notices. */
  quotaEnforcement: "exact" | "soft";
  /** Seconds after which an hour's usage is final on an engine with its usual settings. */
  usageLagSeconds: number;
  /** Whether a bucket may have a quota of its own, and the step in bytes to which its size is rounded up. */
  bucketQuota: { sizeStepBytes: bigint } | null;
  versioning: boolean;
  /** Which parts of a {@link LifecycleRule} it keeps, beyond expiry by days, date and prefix. */
  lifecycle: {
    noncurrentExpiration: boolean;
    newerNoncurrentVersions: boolean;
    expiredDeleteMarkers: boolean;
    abortIncompleteUploads: boolean;
    tagFilters: boolean;
    sizeFilters: boolean;
  } | null;
  cors: boolean;
  bucketTags: boolean;
  /** Whether {@link BucketStats.breakdown} is there. */
  storageBreakdown: boolean;
  /** Whether a PUT with `If-None-Match: *` or `If-Match` is refused where the condition does not hold. */
  conditionalWrites: boolean;
  /** Whether the engine itself refuses a key after {@link AccessKeyGrant.expiresAt}. */
  keyExpiry: boolean;
  /** Whether it knows when a key was last used, to within {@link keyLastUse.stepSeconds}. */
  keyLastUse: { stepSeconds: number } | null;
}

export interface EngineHealth {
  /** `closed`: calls go through. `open`: they do not. `probing`: a request of the driver's own decides. */
  state: "closed" | "open" | "probing";
  /** When the engine began to answer or ceased to, as this process saw it. */
  since: Date;
  /** The latest failure to reach the engine, past ones included; null when there was none. */
  lastError: { message: string; at: Date } | null;
}
