import type { StorageCapabilities } from "../driver.ts";

/** An engine that this driver knows: what it can do, and what may be sent to it. */
export interface Engine {
  capabilities: StorageCapabilities;
  /**
   * The only query parameters of requests for a bucket, and for an object, that ever leave this process, with their
   * methods.
   *
   * The gateway ignores a subresource that it does not know and does what the rest of the request says:
   * `DELETE /b?encryption` deletes the bucket, and a PUT of one on an object overwrites the object (16.2.15). So what
   * stands here is known to every release that the entry is for, and s3-client.ts, through which every request for a
   * bucket or an object goes, refuses the rest.
   */
  parameters: { bucket: AllowedParameters; object: AllowedParameters };
}

export type AllowedParameters = Readonly<
  Record<string, ReadonlyArray<"GET" | "HEAD" | "PUT" | "POST" | "DELETE">>
>;

const OF_BUCKETS = {
  versioning: ["GET", "PUT"],
  lifecycle: ["GET", "PUT", "DELETE"],
  cors: ["GET", "PUT", "DELETE"],
  tagging: ["GET", "PUT", "DELETE"],
  // Listings, and what they are narrowed by.
  "list-type": ["GET"],
  versions: ["GET"],
  uploads: ["GET"],
  prefix: ["GET"],
  delimiter: ["GET"],
  "encoding-type": ["GET"],
  "max-keys": ["GET"],
  "max-uploads": ["GET"],
  "continuation-token": ["GET"],
  "key-marker": ["GET"],
  "version-id-marker": ["GET"],
  "upload-id-marker": ["GET"],
  // Of several objects.
  delete: ["POST"],
} as const satisfies AllowedParameters;

const OF_OBJECTS = {
  versionId: ["GET", "HEAD", "DELETE"],
  tagging: ["GET"],
  uploads: ["POST"],
  uploadId: ["GET", "PUT", "POST", "DELETE"],
  partNumber: ["PUT"],
  "max-parts": ["GET"],
  "part-number-marker": ["GET"],
} as const satisfies AllowedParameters;

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
    keyLastUse: { stepSeconds: 60 },
  },
  parameters: { bucket: OF_BUCKETS, object: OF_OBJECTS },
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
    keyLastUse: null,
  },
  parameters: { bucket: { ...OF_BUCKETS, publicAccessBlock: ["PUT"] }, object: OF_OBJECTS },
};

/** Ceph 19.2 and later; see docs/decisions/0018-tenant-mode-and-what-is-probed.md. */
export const CEPH_WITH_ACCOUNTS: Engine = {
  ...CEPH,
  capabilities: { ...CEPH.capabilities, tenancy: "none", limitation: "accounts-not-supported-yet" },
};
