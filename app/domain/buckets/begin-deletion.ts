import type { Transaction } from "#app/ports/db.server.ts";
import { enqueue } from "#app/ports/jobs.server.ts";

/**
 * Begins the deletion of a bucket that works, for what the console itself decides on (`deleteBucket` is what people ask
 * for). False where it is being deleted, or was.
 */
export async function beginDeletion(tx: Transaction, accountId: string, bucketId: string): Promise<boolean> {
  const { count } = await tx.bucket.updateMany({
    where: { id: bucketId, accountId, state: "active", deletedAt: null },
    data: { state: "deleting", lastError: null },
  });
  if (count === 1) await enqueue(tx, "delete-bucket", { bucketId });
  return count === 1;
}
