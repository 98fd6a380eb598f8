import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readObjectKey } from "../../accounts/object-key.ts";
import { getActiveBucket } from "../../buckets/active-bucket.ts";
import { accountIdOf } from "../../context.ts";
import { engineCommand } from "../../engine-command.ts";
import { DomainError } from "../../errors.ts";
import { partSizeFor } from "../part-size.ts";
import { refusalOfUpload } from "../refusal-of-upload.ts";
import { beginUploadInput } from "../schema.ts";

const options = { deadlineMs: PAGE_DEADLINE_MS };

/**
 * Begins an upload whose parts a client sends to the engine itself. Nothing is there to be seen before it is completed;
 * what was sent of one that never is counts as incomplete until somebody removes it.
 *
 * Throws `object-exists` where `keepExisting` asks for that: now, and not after gigabytes were sent.
 */
export const beginUpload = engineCommand({
  action: "objects:upload",
  input: beginUploadInput,
  begin: ({ tx, input, context }) => getActiveBucket(accountIdOf(context), input.bucketId, tx),

  async act({ input: { key: object, sizeBytes, contentType, keepExisting }, begun: { accountId, name } }) {
    const place = { key: await readObjectKey(accountId), bucket: name, object };
    if (keepExisting && (await isThere(place))) throw new DomainError("object-exists");
    try {
      const { uploadId } = await storage.createUpload({ ...place, contentType }, options);
      return { uploadId, partSizeBytes: partSizeFor(sizeBytes) };
    } catch (error) {
      throw refusalOfUpload(error);
    }
  },

  audit: ({ input: { key, sizeBytes, contentType }, begun }) => ({
    resourceType: "bucket",
    resourceId: begun.id,
    details: { name: begun.name, key, contentType, sizeBytes: String(sizeBytes), step: "begun" },
  }),
});

async function isThere(place: Parameters<typeof storage.headObject>[0]): Promise<boolean> {
  try {
    await storage.headObject(place, options);
    return true;
  } catch (error) {
    if (error instanceof StorageError && error.code === "not-found") return false;
    throw error;
  }
}
