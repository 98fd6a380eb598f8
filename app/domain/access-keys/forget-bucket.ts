import { z } from "zod";
import { db } from "#app/ports/db.server.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { command } from "../command.ts";
import { accountIdOf, type Context } from "../context.ts";
import { applyToEngine } from "./apply-to-engine.ts";

/**
 * Takes a deleted bucket out of the keys that were made for it: first at the engine, where a policy names
 * buckets, then here. Otherwise a key for the old bucket would open a new one of the same name.
 *
 * A key whose last bucket this was stays, and can reach nothing. Throws while a key for the bucket is still
 * being made, or where the engine does not answer; safe to repeat.
 */
export async function forgetBucket(context: Context, bucketId: string): Promise<void> {
  const accountId = accountIdOf(context);
  const keys = await db.accessKey.findMany({
    where: { accountId, buckets: { some: { bucketId } }, state: { notIn: ["revoked", "failed"] } },
    select: { id: true, state: true },
  });
  if (keys.some(({ state }) => state === "provisioning")) {
    throw new Error("a key for the deleted bucket is still being made");
  }
  for (const { id } of keys) await withoutBucket(accountId, id);
  await releaseBucket(context, { bucketId });
}

/**
 * Whether the policy of a key may still name a deleted bucket, so that a new one must not take its name yet.
 */
export async function isNameStillGranted(accountId: string, bucketName: string): Promise<boolean> {
  const held = await db.accessKeyBucket.count({
    where: { bucket: { accountId, name: bucketName, deletedAt: { not: null } } },
  });
  return held > 0;
}

/** The key as it stands here, which is without deleted buckets. */
async function withoutBucket(accountId: string, id: string): Promise<void> {
  try {
    await applyToEngine(accountId, id);
  } catch (error) {
    // The engine has forgotten the key, and its policy with it.
    if (!(error instanceof StorageError) || error.code !== "not-found") throw error;
  }
}

const releaseBucket = command({
  action: "access-keys:settle",
  input: z.object({ bucketId: z.uuid() }),

  async run({ tx, input: { bucketId }, context }) {
    const { count } = await tx.accessKeyBucket.deleteMany({
      where: { bucketId, bucket: { accountId: accountIdOf(context) } },
    });
    return { keys: count };
  },

  audit: ({ input, output }) => ({
    resourceType: "bucket",
    resourceId: input.bucketId,
    details: { releasedFromKeys: output.keys },
  }),
});
