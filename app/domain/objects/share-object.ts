import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { publicEndpoint } from "../access-keys/public-endpoint.ts";
import { readObjectKey } from "../accounts/object-key.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import { accountIdOf } from "../context.ts";
import { engineCommand } from "../engine-command.ts";
import { downloadName } from "./download-name.ts";
import { shareObjectInput } from "./schema.ts";

export interface SharedLink {
  /** Lets whoever has it download the object: shown once, kept nowhere. */
  url: string;
  until: Date;
}

/**
 * A link that downloads an object from the storage's public address until it expires, for whoever has it. The log keeps
 * what was shared and for how long, not the signature.
 */
export const shareObject = engineCommand({
  action: "objects:share",
  input: shareObjectInput,
  begin: ({ tx, input, context }) => getActiveBucket(accountIdOf(context), input.bucketId, tx),

  async act({ input, begun: { accountId, name: bucket } }): Promise<SharedLink> {
    const { key: object, versionId, hours } = input;
    const place = {
      key: await readObjectKey(accountId),
      bucket,
      object,
      ...(versionId ? { versionId } : {}),
    };
    // A link to nothing would be found out by whoever it was sent to.
    await storage.headObject(place, { deadlineMs: PAGE_DEADLINE_MS });
    const signedAt = Date.now();
    const url = await storage.presignGet({
      ...place,
      endpoint: publicEndpoint().endpoint,
      expiresInSeconds: hours * 3600,
      downloadName: downloadName(object),
    });
    return { url, until: new Date(signedAt + hours * 3_600_000) };
  },

  audit: ({ input: { key, versionId, hours }, begun }) => ({
    resourceType: "bucket",
    resourceId: begun.id,
    details: { name: begun.name, key, ...(versionId ? { versionId } : {}), validHours: hours },
  }),
});
