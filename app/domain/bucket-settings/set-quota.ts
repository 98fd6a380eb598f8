import type { z } from "zod";
import type { TenantQuota } from "#app/ports/storage/driver.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { engineCommand } from "../engine-command.ts";
import { type InputIssue, InvalidInput } from "../errors.ts";
import {
  type AtEngine,
  beforeChanging,
  leaseBucket,
  page,
  requireCapability,
  requireUnchanged,
  whileLeased,
} from "./change-settings.ts";
import { parseAmount, parseCount } from "./quota-amount.ts";
import { setQuotaInput } from "./schema.ts";

/**
 * Sets the bucket's own quota, within the account's: bytes, objects, both or neither. Answers what the engine then
 * says, and whether it keeps more bytes than were asked for, since it counts in steps.
 *
 * Throws InvalidInput for what is no amount, and where there is more in the bucket already, unless that is accepted.
 */
export const setQuota = engineCommand({
  action: "buckets:set-quota",
  input: setQuotaInput,

  async begin({ tx, input, context }) {
    const quota = toQuota(input, context.locale);
    return { bucket: await leaseBucket(tx, context, input.bucketId), quota };
  },

  act: ({ input, begun: { bucket, quota } }) =>
    whileLeased(bucket, async (at) => {
      await requireCapability((engine) => engine.bucketQuota !== null);
      requireUnchanged(await beforeChanging(storage.getBucketQuota(at, page)), input.fingerprint);
      if (!input.acceptsBelowUse) await requireAboveUse(at, quota);
      await storage.setBucketQuota({ ...at, quota }, page);
      const kept = await storage.getBucketQuota(at, page);
      return { quota: kept, isRoundedUp: (kept.maxSizeBytes ?? 0n) > (quota.maxSizeBytes ?? 0n) };
    }),

  audit: ({ begun: { bucket, quota } }) => ({
    resourceType: "bucket",
    resourceId: bucket.id,
    details: {
      name: bucket.name,
      maxSizeBytes: quota.maxSizeBytes === null ? null : String(quota.maxSizeBytes),
      maxObjects: quota.maxObjects === null ? null : String(quota.maxObjects),
    },
  }),
});

function toQuota(input: z.output<typeof setQuotaInput>, locale: string): TenantQuota {
  const maxSizeBytes = input.size === undefined ? null : parseAmount(input.size, input.sizeUnit, locale);
  const maxObjects = input.objects === undefined ? null : parseCount(input.objects);
  const issues: InputIssue[] = [];
  if (input.size !== undefined && maxSizeBytes === null)
    issues.push({ path: ["size"], message: "quotaSize", params: {} });
  if (input.objects !== undefined && maxObjects === null)
    issues.push({ path: ["objects"], message: "quotaObjects", params: {} });
  if (issues.length > 0) throw new InvalidInput(issues);
  return { maxSizeBytes, maxObjects };
}

async function requireAboveUse(at: AtEngine, { maxSizeBytes, maxObjects }: TenantQuota): Promise<void> {
  const [used] = await beforeChanging(storage.bucketStats(at, page));
  if (!used) return;
  const isBelow =
    (maxSizeBytes !== null && maxSizeBytes < used.sizeBytes) ||
    (maxObjects !== null && maxObjects < used.objectCount);
  if (isBelow) throw new InvalidInput([{ path: ["acceptsBelowUse"], message: "quotaBelowUse", params: {} }]);
}
