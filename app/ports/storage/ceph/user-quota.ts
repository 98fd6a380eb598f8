import { z } from "zod";
import type { TenantQuota } from "../driver.ts";
import { readAnswer } from "./answers.ts";
import type { Call } from "./call.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";

/** A quota as Admin Ops shows it: of a user or of a bucket. Below zero is no limit. */
export const engineQuota = z.object({ enabled: z.boolean(), max_size: z.number(), max_objects: z.number() });

export function toQuota(quota: z.infer<typeof engineQuota>): TenantQuota {
  const limit = (value: number) => (quota.enabled && value >= 0 ? BigInt(value) : null);
  return { maxSizeBytes: limit(quota.max_size), maxObjects: limit(quota.max_objects) };
}

/** Sets the limit over all buckets of a user. */
export async function setUserQuota(
  config: EngineConfig,
  call: Call,
  uid: string,
  quota: TenantQuota,
): Promise<void> {
  await sendAdminRequest(config, call, {
    method: "PUT",
    path: "/admin/user",
    service: "s3",
    query: {
      quota: "",
      uid,
      "quota-type": "user",
      // All fields, always: the gateway reads a missing one as zero in some calls, and then refuses every write.
      "max-size": String(quota.maxSizeBytes ?? -1n),
      "max-objects": String(quota.maxObjects ?? -1n),
      enabled: String(quota.maxSizeBytes !== null || quota.maxObjects !== null),
    },
  });
}

export async function getUserQuota(config: EngineConfig, call: Call, uid: string): Promise<TenantQuota> {
  const text = await sendAdminRequest(config, call, {
    method: "GET",
    path: "/admin/user",
    service: "s3",
    query: { quota: "", uid, "quota-type": "user" },
  });
  return toQuota(readAnswer(call, engineQuota, text));
}
