import { z } from "zod";
import type { UsageHour } from "../driver.ts";
import { readAnswer } from "./answers.ts";
import type { Call } from "./call.ts";
import { capabilities } from "./capabilities.ts";
import { ownerUid } from "./names.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";

const HOUR_MS = 3_600_000;

const engineUsage = z.object({
  entries: z.array(
    z.object({
      buckets: z.array(
        z.object({
          bucket: z.string(),
          /** Start of the hour, in seconds. */
          epoch: z.number().int(),
          /** Who asked, if not the bucket's owner: always so at the embedded store, hardly ever at Ceph. */
          payer: z.string().optional(),
          categories: z.array(
            z.object({
              /** The gateway's name of the operation. */
              category: z.string(),
              bytes_sent: z.number(),
              bytes_received: z.number(),
              successful_ops: z.number(),
            }),
          ),
        }),
      ),
    }),
  ),
});
type EngineCategory = z.infer<typeof engineUsage>["entries"][number]["buckets"][number]["categories"][number];

// All that an access key may do (policies.ts). Everything else the gateway counts is bucket administration, done
// with the management key or refused, and so are the two that clients and console both send to find a bucket.
const READS = new Set(["get_obj", "get_obj_tags", "get_obj_attrs"]);
const WRITES = new Set([
  "abort_multipart",
  "complete_multipart",
  "copy_obj",
  "delete_obj",
  "delete_obj_tags",
  "init_multipart",
  "list_bucket",
  "list_bucket_multiparts",
  "list_bucket_versions",
  "list_multipart",
  "multi_object_delete",
  "post_obj",
  "put_obj",
  "put_obj_tags",
]);

/**
 * Usage of the tenant's buckets, from the gateway's usage log (`rgw_enable_usage_log`), which counts by the
 * bucket's owner whoever asked. Refused requests count no request.
 */
export async function usage(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; from: Date; to: Date },
): Promise<UsageHour[]> {
  const text = await sendAdminRequest(config, call, {
    method: "GET",
    path: "/admin/usage",
    service: "s3",
    query: {
      uid: ownerUid(input.tenant),
      start: usageTime(input.from),
      end: usageTime(input.to),
      "show-entries": "true",
      "show-summary": "false",
    },
  });

  const { managementTraffic } = await capabilities(config, call);
  // The owner's only key is the management key.
  const namesPayers = managementTraffic === "all";

  const rows = new Map<string, UsageHour>();
  for (const { buckets } of readAnswer(call, engineUsage, text).entries) {
    for (const { bucket, epoch, payer, categories } of buckets) {
      // "" is a list of buckets and "-" whatever was not found: of no bucket, and the former is the console's.
      if (bucket === "" || bucket === "-") continue;
      const hour = new Date(epoch * 1000);
      for (const category of categories)
        addCategory(rows, { bucket, hour, byOwner: namesPayers && !payer }, category);
    }
  }
  return [...rows.values()];
}

function addCategory(
  rows: Map<string, UsageHour>,
  { bucket, hour, byOwner }: { bucket: string; hour: Date; byOwner: boolean },
  counted: EngineCategory,
): void {
  const read = READS.has(counted.category);
  const traffic = !byOwner && (read || WRITES.has(counted.category)) ? "tenant" : "management";
  const key = `${bucket} ${hour.getTime()} ${traffic}`;
  const row = rows.get(key) ?? emptyHour(bucket, hour, traffic);
  rows.set(key, row);
  row[read ? "readRequests" : "writeRequests"] += BigInt(counted.successful_ops);
  row.ingressBytes += BigInt(counted.bytes_received);
  row.egressBytes += BigInt(counted.bytes_sent);
}

function emptyHour(bucket: string, hour: Date, traffic: UsageHour["traffic"]): UsageHour {
  return { bucket, hour, traffic, readRequests: 0n, writeRequests: 0n, ingressBytes: 0n, egressBytes: 0n };
}

/** UTC, as the gateway reads it: `2026-03-01 14:00:00`. */
function usageTime(time: Date): string {
  if (time.getTime() % HOUR_MS !== 0) throw new TypeError("Usage is counted in whole UTC hours");
  return time.toISOString().slice(0, 19).replace("T", " ");
}
