import type { StorageCapabilities } from "../driver.ts";

/** An engine that this driver knows: what it can do, and what may be sent to it. */
export interface Engine {
  capabilities: StorageCapabilities;
  /**
   * The only subresources of a bucket that ever leave this process, with their methods.
   *
   * The gateway ignores a subresource that it does not know and does what the rest of the request says:
   * `DELETE /b?encryption` deletes the bucket (16.2.15). So what stands here is known to every release that the
   * entry is for, and s3-client.ts, through which every request for a bucket goes, refuses the rest.
   */
  subresources: Readonly<Record<string, ReadonlyArray<"GET" | "PUT" | "DELETE">>>;
}

const SETTINGS = {
  versioning: ["GET", "PUT"],
  lifecycle: ["GET", "PUT", "DELETE"],
  cors: ["GET", "PUT", "DELETE"],
  tagging: ["GET", "PUT", "DELETE"],
} as const;

/** Balde's own. It refuses what it does not know, and has no public access that could be blocked. */
export const EMBEDDED: Engine = {
  capabilities: {
    engine: "embedded",
    tenancy: "tenant-users",
    limitation: null,
    managementTraffic: "all",
    quotaEnforcement: "exact",
    usageLagSeconds: 60,
    bucketQuota: { sizeStepBytes: 1024n },
    versioning: true,
    lifecycle: {
      noncurrentExpiration: true,
      newerNoncurrentVersions: true,
      expiredDeleteMarkers: true,
      abortIncompleteUploads: true,
      tagFilters: true,
      sizeFilters: true,
    },
    cors: true,
    bucketTags: true,
    storageBreakdown: true,
    conditionalWrites: true,
    keyExpiry: true,
    keyLastUse: false,
  },
  subresources: SETTINGS,
};

/** Ceph 16.2 to 18. Each line was seen on 16.2.15. */
export const CEPH: Engine = {
  capabilities: {
    engine: "ceph",
    tenancy: "tenant-users",
    limitation: null,
    managementTraffic: "bucket-administration",
    quotaEnforcement: "soft",
    // The gateway writes its usage log every 30 s, or a little later under load.
    usageLagSeconds: 300,
    bucketQuota: { sizeStepBytes: 1024n },
    versioning: true,
    lifecycle: {
      noncurrentExpiration: true,
      // 16.2 drops both without a word; what a later release keeps shows when a rule is set and read back.
      newerNoncurrentVersions: false,
      sizeFilters: false,
      expiredDeleteMarkers: true,
      abortIncompleteUploads: true,
      tagFilters: true,
    },
    cors: true,
    bucketTags: true,
    // Parts of uploads and older versions are counted with the rest, under one name.
    storageBreakdown: false,
    conditionalWrites: true,
    keyExpiry: true,
    keyLastUse: false,
  },
  subresources: { ...SETTINGS, publicAccessBlock: ["PUT"] },
};

/** Ceph 19.2 and later; see docs/decisions/0018-tenant-mode-and-what-is-probed.md. */
export const CEPH_WITH_ACCOUNTS: Engine = {
  ...CEPH,
  capabilities: { ...CEPH.capabilities, tenancy: "none", limitation: "accounts-not-supported-yet" },
};
