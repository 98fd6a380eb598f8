import { storage } from "#app/ports/storage/storage.server.ts";
import { atEngine, getActiveBucket } from "../buckets/active-bucket.ts";
import { accountIdOf } from "../context.ts";
import { engineCommand } from "../engine-command.ts";
import { page, requireCapability } from "./change-settings.ts";
import { setVersioningInput } from "./schema.ts";

/**
 * Turns versioning on, or suspends it; there is no way back to a bucket that never had it (S3). Needs no lease: it is
 * one word, and of two at once either may be the last. Answers what the engine then says.
 */
export const setVersioning = engineCommand({
  action: "buckets:set-versioning",
  input: setVersioningInput,

  begin: ({ tx, input, context }) => getActiveBucket(accountIdOf(context), input.bucketId, tx),

  async act({ input: { versioning }, begun: bucket }) {
    await requireCapability((engine) => engine.versioning);
    const at = await atEngine(bucket);
    await storage.setVersioning({ ...at, versioning }, page);
    return storage.getVersioning(at, page);
  },

  audit: ({ input: { versioning }, begun: { id, name } }) => ({
    resourceType: "bucket",
    resourceId: id,
    details: { name, versioning },
  }),
});
