import type { TenantQuota } from "../driver.ts";
import { readBucket } from "./bucket-stats.ts";
import type { Call } from "./call.ts";
import { checkedBucket, ownerUid } from "./names.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";
import { toQuota } from "./user-quota.ts";

export async function getBucketQuota(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; bucket: string },
): Promise<TenantQuota> {
  return toQuota((await readBucket(config, call, input)).bucket_quota);
}

export async function setBucketQuota(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; bucket: string; quota: TenantQuota },
): Promise<void> {
  const { maxSizeBytes, maxObjects } = input.quota;
  await sendAdminRequest(config, call, {
    method: "PUT",
    path: "/admin/bucket",
    service: "s3",
    query: {
      quota: "",
      uid: ownerUid(input.tenant),
      // Without its tenant here, though other calls of the same API want it.
      bucket: checkedBucket(input.bucket),
      // All fields, always: a missing size is taken as zero, and then every write is refused. A bucket's size in
      // bytes is not read at all, unlike a user's.
      "max-size-kb": String(maxSizeBytes === null ? -1n : (maxSizeBytes + 1023n) / 1024n),
      "max-objects": String(maxObjects ?? -1n),
      enabled: String(maxSizeBytes !== null || maxObjects !== null),
    },
  });
}
