import { z } from "zod";
import type { BucketStats, StorageBreakdown } from "../driver.ts";
import { isStorageError, readAnswer } from "./answers.ts";
import type { Call } from "./call.ts";
import { capabilities } from "./capabilities.ts";
import { checkedBucket, checkedTenant, ownerUid } from "./names.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";
import { engineQuota } from "./user-quota.ts";

/** A bucket as Admin Ops shows it with its statistics. */
export type EngineBucketStats = z.infer<typeof engineBucket>;

const engineBucket = z.object({
  bucket: z.string(),
  id: z.string(),
  /** The whole uid. */
  owner: z.string(),
  creation_time: z.coerce.date(),
  bucket_quota: engineQuota,
  // By storage category. "rgw.main" is all versions, and at Ceph the parts of uploads too. The embedded store counts
  // those under "rgw.multimeta", and says how much of "rgw.main" is noncurrent. An empty bucket has none of them.
  usage: z.record(z.string(), z.object({ size: z.number().default(0), num_objects: z.number().default(0) })),
});

export async function bucketStats(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; bucket?: string },
): Promise<BucketStats[]> {
  const { storageBreakdown } = await capabilities(config, call);
  const buckets =
    input.bucket === undefined
      ? await userBuckets(config, call, ownerUid(input.tenant))
      : [await readBucket(config, call, { tenant: input.tenant, bucket: input.bucket })];
  return buckets
    .map((bucket) => toStats(bucket, storageBreakdown))
    .sort((a, b) => (a.bucket < b.bucket ? -1 : 1));
}

/** One bucket of the tenant. `not-found` when it is not there. */
export function readBucket(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; bucket: string },
): Promise<EngineBucketStats> {
  return getBuckets(config, call, engineBucket, {
    // One bucket is named with its tenant here, and without it in other calls of the same API.
    bucket: `${checkedTenant(input.tenant)}/${checkedBucket(input.bucket)}`,
    stats: "true",
  });
}

/** All buckets that a user owns. */
export function userBuckets(config: EngineConfig, call: Call, uid: string): Promise<EngineBucketStats[]> {
  return getOwned(config, call, z.array(engineBucket), { uid, stats: "true" });
}

/** Names of the tenant's buckets, asked with the admin key: works without a management key. */
export function ownedBuckets(config: EngineConfig, call: Call, tenant: string): Promise<string[]> {
  return getOwned(config, call, z.array(z.string()), { uid: ownerUid(tenant) });
}

// For an unknown owner some engines answer an empty list, others 404.
async function getOwned<T>(
  config: EngineConfig,
  call: Call,
  schema: z.ZodType<T[]>,
  query: { uid: string; stats?: "true" },
): Promise<T[]> {
  try {
    return await getBuckets(config, call, schema, query);
  } catch (error) {
    if (isStorageError(error, "not-found")) return [];
    throw error;
  }
}

async function getBuckets<T>(
  config: EngineConfig,
  call: Call,
  schema: z.ZodType<T>,
  query: Record<string, string>,
): Promise<T> {
  const text = await sendAdminRequest(config, call, {
    method: "GET",
    path: "/admin/bucket",
    service: "s3",
    query,
  });
  return readAnswer(call, schema, text);
}

function toStats({ bucket, usage }: EngineBucketStats, hasBreakdown: boolean): BucketStats {
  const main = BigInt(usage["rgw.main"]?.size ?? 0);
  const uploads = BigInt(usage["rgw.multimeta"]?.size ?? 0);
  const noncurrent = BigInt(usage["balde.noncurrent"]?.size ?? 0);
  const breakdown: StorageBreakdown = {
    currentBytes: main - noncurrent,
    noncurrentBytes: noncurrent,
    incompleteUploadBytes: uploads,
  };
  return {
    bucket,
    sizeBytes: main + uploads,
    objectCount: BigInt(usage["rgw.main"]?.num_objects ?? 0),
    breakdown: hasBreakdown ? breakdown : null,
  };
}
