import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { DomainError, InvalidInput } from "../errors.ts";
import { deleteBucketInput } from "./schema.ts";
import { parseProblem } from "./states.ts";

/**
 * Queues the deletion of a bucket, which succeeds only if it is empty: otherwise it is active again, and
 * says why. Throws `conflict` while the bucket is being made, `already-done` while it is being deleted.
 */
export const deleteBucket = command({
  action: "buckets:delete",
  input: deleteBucketInput,

  async run({ tx, input, context }) {
    const where = { id: input.bucketId, accountId: accountIdOf(context), deletedAt: null };
    const bucket = await tx.bucket.findFirst({
      where,
      select: { id: true, name: true, state: true, lastError: true },
    });
    if (!bucket) throw new DomainError("not-found");
    if (input.name !== undefined && input.name !== bucket.name) {
      throw new InvalidInput([{ path: ["name"], message: "confirmationMismatch", params: {} }]);
    }
    // The name is somebody else's at the engine: nothing of ours is there, and theirs must stay.
    const isAnothers = bucket.state === "failed" && parseProblem(bucket.lastError)?.code === "bucket-taken";
    const { count } = await tx.bucket.updateMany({
      // With the problem that was just read: a retry meanwhile may have made the bucket at the engine after all.
      where: { ...where, state: { in: ["active", "failed"] }, lastError: bucket.lastError },
      data: { state: "deleting", lastError: null, deletedAt: isAnothers ? new Date() : null },
    });
    if (count !== 1) throw new DomainError(bucket.state === "provisioning" ? "conflict" : "already-done");
    if (!isAnothers) await enqueue(tx, "delete-bucket", { bucketId: bucket.id });
    return { id: bucket.id, name: bucket.name, state: "deleting" as const, before: bucket.state };
  },

  audit: ({ output }) => ({
    resourceType: "bucket",
    resourceId: output.id,
    details: { name: output.name, before: { state: output.before }, after: { state: "deleting" } },
  }),
});
