import { enqueue } from "#app/ports/jobs.server.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import { command } from "../command.ts";
import { accountIdOf, userIdOf } from "../context.ts";
import { InvalidInput } from "../errors.ts";
import { emptyBucketInput } from "./schema.ts";

/**
 * Begins to remove all that a bucket holds, older versions included, and the bucket itself where that is asked for.
 * Throws `bucket-not-active` while the bucket is made or deleted, `already-done` while it is being emptied,
 * and `too-many-attempts`.
 */
export const emptyBucket = command({
  action: "buckets:empty",
  input: emptyBucketInput,
  throttle: ({ context }) => [["emptyings", accountIdOf(context)]],
  conflicts: { bucket_emptying_one_at_a_time: { code: "already-done" } },

  async run({ tx, input: { bucketId, name, deletesBucket }, context }) {
    const accountId = accountIdOf(context);
    const bucket = await getActiveBucket(accountId, bucketId, tx);
    if (name !== bucket.name) {
      throw new InvalidInput([{ path: ["name"], message: "confirmationMismatch", params: {} }]);
    }
    const emptying = await tx.bucketEmptying.create({
      data: { accountId, bucketId, deletesBucket, startedById: userIdOf(context) },
      select: { id: true },
    });
    await enqueue(tx, "empty-bucket", { emptyingId: emptying.id }, { group: { id: accountId } });
    return { id: emptying.id, bucketId, name: bucket.name, deletesBucket };
  },

  audit: ({ output: { id, bucketId, name, deletesBucket } }) => ({
    resourceType: "bucket",
    resourceId: bucketId,
    details: { name, emptyingId: id, deletesBucket },
  }),
});
