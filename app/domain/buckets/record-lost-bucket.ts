import type { Transaction } from "#app/ports/db.server.ts";
import { enqueue } from "#app/ports/jobs.server.ts";
import { DomainError } from "../errors.ts";

/**
 * Marks a bucket as deleted that somebody deleted at the engine, inside the caller's command. What is left is what
 * every deletion ends with: the job takes it out of the access keys that were made for it. Throws `conflict`
 * where the bucket is no longer active.
 */
export async function recordLostBucket(tx: Transaction, accountId: string, bucketId: string): Promise<void> {
  const { count } = await tx.bucket.updateMany({
    where: { id: bucketId, accountId, state: "active", deletedAt: null },
    data: { state: "deleting", deletedAt: new Date(), lastError: null },
  });
  if (count !== 1) throw new DomainError("conflict");
  await enqueue(tx, "delete-bucket", { bucketId });
}
