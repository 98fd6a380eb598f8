import { z } from "zod";
import type { BucketStats } from "../driver.ts";
import { isStorageError, readAnswer } from "./answers.ts";
import type { Call } from "./call.ts";
import { checkedBucket, checkedTenant, ownerUid } from "./names.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";

const engineBucket = z.object({
  bucket: z.string(),
  // By storage category: "rgw.main", and "rgw.multimeta" for uploads in progress. An empty bucket has none.
  usage: z.record(z.string(), z.object({ size: z.number().default(0), num_objects: z.number().default(0) })),
});

export async function bucketStats(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; bucket?: string },
): Promise<BucketStats[]> {
  if (input.bucket === undefined) {
    const buckets = await getOwned(config, call, z.array(engineBucket), {
      uid: ownerUid(input.tenant),
      stats: "true",
    });
    return buckets.map(toStats).sort((a, b) => (a.bucket < b.bucket ? -1 : 1));
  }
  const bucket = await getBuckets(config, call, engineBucket, {
    // One bucket is named with its tenant here, and without it in other calls of the same API.
    bucket: `${checkedTenant(input.tenant)}/${checkedBucket(input.bucket)}`,
    stats: "true",
  });
  return [toStats(bucket)];
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

function toStats(bucket: z.infer<typeof engineBucket>): BucketStats {
  const main = bucket.usage["rgw.main"];
  const uploads = bucket.usage["rgw.multimeta"];
  return {
    bucket: bucket.bucket,
    sizeBytes: BigInt(main?.size ?? 0) + BigInt(uploads?.size ?? 0),
    objectCount: BigInt(main?.num_objects ?? 0),
  };
}
