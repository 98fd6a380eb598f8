import { Readable } from "node:stream";
import { z } from "zod";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readObjectKey } from "../accounts/object-key.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import { accountIdOf } from "../context.ts";
import { engineCommand } from "../engine-command.ts";
import { refusalOfUpload } from "./refusal-of-upload.ts";
import { uploadFileInput } from "./schema.ts";

/**
 * Stores one file while it arrives, and takes as long as that does. The right to do so is looked at when it begins: a
 * session or a role that ends meanwhile does not cut it off. Where the file breaks off, nothing is stored.
 *
 * Throws `storage-full` over the engine's quota of bucket or account, `object-exists` where `keepExisting` asks for that,
 * and what the content fails with.
 */
export const uploadFile = engineCommand({
  action: "objects:upload",
  input: uploadFileInput.extend({ content: z.instanceof(Readable) }),
  begin: ({ tx, input, context }) => getActiveBucket(accountIdOf(context), input.bucketId, tx),

  async act({ input: { key: object, contentType, keepExisting, content }, begun: { accountId, name } }) {
    const place = { key: await readObjectKey(accountId), bucket: name, object };
    try {
      const options = keepExisting ? { ifAbsent: true } : {};
      return await storage.putObject({ ...place, body: content, contentType, ...options });
    } catch (error) {
      throw refusalOfUpload(error, content);
    }
  },

  // How large it is, nobody knows yet.
  audit: ({ input: { key, contentType }, begun }) => ({
    resourceType: "bucket",
    resourceId: begun.id,
    details: { name: begun.name, key, contentType },
  }),
});
