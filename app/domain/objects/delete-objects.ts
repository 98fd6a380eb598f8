import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readObjectKey } from "../accounts/object-key.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import { recordRefusal } from "../command.ts";
import { accountIdOf, type Context } from "../context.ts";
import { engineCommand } from "../engine-command.ts";
import { DomainError } from "../errors.ts";
import { deleteObjectsInput } from "./schema.ts";

export interface DeletedObjects {
  deleted: number;
  /** What the engine did not remove, and its own word for why. */
  failed: { key: string; versionId: string | null; engineCode: string }[];
}

/**
 * Deletes up to 100 objects or versions of a bucket. Without a version's id, a delete marker takes an object's place where
 * the bucket keeps versions; a version is gone for good. What is not there counts as deleted. Some may fail alone: the
 * answer names them, and the log too.
 */
export const deleteObjects = engineCommand({
  action: "objects:delete",
  input: deleteObjectsInput,
  begin: ({ tx, input, context }) => getActiveBucket(accountIdOf(context), input.bucketId, tx),

  async act({ input, begun: bucket, context }): Promise<DeletedObjects> {
    const { failed } = await storage.deleteObjects(
      {
        key: await readObjectKey(bucket.accountId),
        bucket: bucket.name,
        objects: input.objects.map(({ key, versionId }) => ({ object: key, versionId: versionId ?? null })),
      },
      { deadlineMs: input.objects.length === 1 ? PAGE_DEADLINE_MS : manyDeadlineMs },
    );
    const left = failed.map(({ object, versionId, engineCode }) => ({
      key: object,
      versionId: versionId ?? null,
      engineCode,
    }));
    if (left.length > 0) await recordFailures(context, bucket.id, left);
    return { deleted: input.objects.length - left.length, failed: left };
  },

  audit: ({ input, begun }) => ({
    resourceType: "bucket",
    resourceId: begun.id,
    details: {
      name: begun.name,
      objects: input.objects.map(({ key, versionId }) => (versionId ? { key, versionId } : { key })),
    },
  }),
});

/** Each of a hundred names may take a request of its own. */
const manyDeadlineMs = 10_000;

/** The first event says what was to be deleted. */
async function recordFailures(
  context: Context,
  bucketId: string,
  failed: DeletedObjects["failed"],
): Promise<void> {
  const names = failed.map(({ key, versionId }) => (versionId ? { key, versionId } : { key }));
  const refusal = new DomainError("engine-refused", {
    reason: failed[0]?.engineCode ?? "",
    objects: JSON.stringify(names),
  });
  await recordRefusal(context, "objects:delete", refusal, { resourceType: "bucket", resourceId: bucketId });
}
