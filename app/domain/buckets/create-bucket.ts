import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";
import { accountIdOf, userIdOf } from "../context.ts";
import { requireRoomForBuckets } from "./require-room.ts";
import { createBucketInput } from "./schema.ts";

/**
 * Takes a name for a bucket and queues its making at the engine. The bucket is `provisioning` until the
 * engine has answered. Throws `quota-exceeded`, and `bucket-name-taken` for a name in use in this account.
 */
export const createBucket = command({
  action: "buckets:create",
  input: createBucketInput,
  conflicts: { bucket_name_live_key: { code: "bucket-name-taken", field: "name" } },

  async run({ tx, input, context }) {
    const accountId = accountIdOf(context);
    await requireRoomForBuckets(tx, accountId, 1);
    const bucket = await tx.bucket.create({
      data: {
        accountId,
        name: input.name,
        createdById: userIdOf(context),
      },
      select: { id: true, name: true, state: true, createdAt: true },
    });
    // Queued in the same transaction: the engine never hears of a bucket that rolled back.
    await enqueue(tx, "provision-bucket", { bucketId: bucket.id });
    return bucket;
  },

  audit: ({ output }) => ({
    resourceType: "bucket",
    resourceId: output.id,
    details: { name: output.name, after: { state: "provisioning" } },
  }),
});
