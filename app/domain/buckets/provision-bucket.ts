import { db } from "#app/ports/db.server.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { isNameStillGranted } from "../access-keys/forget-bucket.ts";
import { readManagementKey } from "../accounts/engine-tenant.ts";
import { systemContext } from "../context.ts";
import { attemptAtEngine } from "./attempt-at-engine.ts";
import { settleBucket } from "./settle-bucket.ts";

/**
 * Makes a bucket at the engine, then marks it active. Safe to repeat after a crash at any point: making a
 * bucket that is there already succeeds.
 *
 * Throws what may pass by itself, after noting it on the bucket; the job is then tried again. A refusal for
 * good leaves the bucket `failed`.
 */
export async function provisionBucket(bucketId: string, jobId: string): Promise<void> {
  const bucket = await db.bucket.findUnique({
    where: { id: bucketId },
    select: { id: true, accountId: true, name: true, state: true },
  });
  if (bucket?.state !== "provisioning") return;
  const { accountId, name } = bucket;
  if (await isNameStillGranted(accountId, name)) {
    throw new Error("a deleted bucket of this name is still in the policy of an access key");
  }
  const context = systemContext("provision-bucket", accountId, jobId);
  const made = await attemptAtEngine(context, bucketId, "provisioning", async () =>
    storage.createBucket({ managementKey: await readManagementKey(accountId), bucket: name }),
  );
  if (made) await settleBucket(context, { bucketId, from: "provisioning", to: "active" });
}
