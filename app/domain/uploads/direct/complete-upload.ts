import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readObjectKey } from "../../accounts/object-key.ts";
import { getActiveBucket } from "../../buckets/active-bucket.ts";
import { accountIdOf } from "../../context.ts";
import { engineCommand } from "../../engine-command.ts";
import { DomainError } from "../../errors.ts";
import { partSizeFor } from "../part-size.ts";
import { refusalOfUpload } from "../refusal-of-upload.ts";
import { completeUploadInput } from "../schema.ts";
import { partsOf } from "./parts-of.ts";

/** An engine puts thousands of parts together while one waits; below the silence after which a connection is cut. */
const options = { deadlineMs: 60_000 };

/**
 * Makes an object of an upload's parts, once they are as large together as the file is. Throws `upload-incomplete`
 * where they are not, `object-exists` with `keepExisting`, and `not-found` for an upload that is not open, unless the
 * object is there: the answer to a first attempt may have been lost.
 */
export const completeUpload = engineCommand({
  action: "objects:upload",
  input: completeUploadInput,
  begin: ({ tx, input, context }) => getActiveBucket(accountIdOf(context), input.bucketId, tx),

  async act({ input: { key: object, uploadId, sizeBytes, keepExisting }, begun: { accountId, name } }) {
    const place = { key: await readObjectKey(accountId), bucket: name, object };
    const upload = { ...place, uploadId };
    try {
      const parts = await partsOf(upload, options);
      const stored = parts.reduce((sum, part) => sum + part.sizeBytes, 0n);
      if (parts.length === 0 || stored !== BigInt(sizeBytes)) throw new DomainError("upload-incomplete");
      const { versionId } = await storage.completeUpload(
        { ...upload, ...(keepExisting ? { ifAbsent: true } : {}) },
        options,
      );
      return { versionId };
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== "not-found") throw refusalOfUpload(error);
      return { versionId: await versionOfCompleted(place, sizeBytes) };
    }
  },

  audit: ({ input: { key, sizeBytes }, begun }) => ({
    resourceType: "bucket",
    resourceId: begun.id,
    details: { name: begun.name, key, sizeBytes: String(sizeBytes), step: "completed" },
  }),
});

/** Throws `not-found` where the object of that name is not one of as many parts and bytes. */
async function versionOfCompleted(
  place: Parameters<typeof storage.headObject>[0],
  sizeBytes: number,
): Promise<string | null> {
  const object = await storage.headObject(place, options);
  const parts = Math.max(1, Math.ceil(sizeBytes / partSizeFor(sizeBytes)));
  if (object.sizeBytes !== BigInt(sizeBytes) || !object.etag.endsWith(`-${parts}`))
    throw new DomainError("not-found");
  return object.versionId;
}
