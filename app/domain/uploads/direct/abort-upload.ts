import { storage } from "#app/ports/storage/storage.server.ts";
import { readObjectKey } from "../../accounts/object-key.ts";
import { getActiveBucket } from "../../buckets/active-bucket.ts";
import { accountIdOf } from "../../context.ts";
import { engineCommand } from "../../engine-command.ts";
import { openUploadInput } from "../schema.ts";

/** Removes what was sent of an upload. Success where it is not open any more. */
export const abortUpload = engineCommand({
  action: "objects:upload",
  input: openUploadInput,
  begin: ({ tx, input, context }) => getActiveBucket(accountIdOf(context), input.bucketId, tx),

  async act({ input: { key: object, uploadId }, begun: { accountId, name } }): Promise<void> {
    await storage.abortUpload({ key: await readObjectKey(accountId), bucket: name, object, uploadId });
  },

  audit: ({ input: { key }, begun }) => ({
    resourceType: "bucket",
    resourceId: begun.id,
    details: { name: begun.name, key, step: "aborted" },
  }),
});
