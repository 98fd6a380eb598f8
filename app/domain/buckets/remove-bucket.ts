import { db } from "#app/ports/db.server.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { forgetBucket } from "../access-keys/forget-bucket.ts";
import { readManagementKey } from "../accounts/engine-tenant.ts";
import { systemContext } from "../context.ts";
import { attemptAtEngine } from "./attempt-at-engine.ts";
import { settleBucket } from "./settle-bucket.ts";

/**
 * Deletes a bucket at the engine, then takes it out of the access keys that were made for it. Safe to repeat
 * after a crash at any point: deleting a bucket that is gone succeeds, and a bucket that is deleted here keeps
 * its place in the keys until the engine has forgotten it there too.
 *
 * Throws what may pass by itself, after noting it on the bucket; the job is then tried again. A bucket with
 * objects becomes `active` again, any other refusal for good leaves it `failed`.
 */
export async function removeBucket(bucketId: string, jobId: string): Promise<void> {
  const bucket = await db.bucket.findUnique({
    where: { id: bucketId },
    select: { accountId: true, name: true, state: true, deletedAt: true },
  });
  if (bucket?.state !== "deleting") return;
  const { accountId, name } = bucket;
  const context = systemContext("delete-bucket", accountId, jobId);
  if (!bucket.deletedAt) {
    const removed = await attemptAtEngine(context, bucketId, "deleting", async () =>
      storage.deleteBucket({ managementKey: await readManagementKey(accountId), bucket: name }),
    );
    if (!removed) return;
    await settleBucket(context, { bucketId, from: "deleting", to: "deleted" });
  }
  await forgetBucket(context, bucketId);
}
