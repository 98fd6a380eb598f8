import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readManagementKey } from "../accounts/engine-tenant.ts";
import { readObjectKey } from "../accounts/object-key.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import { accountIdOf } from "../context.ts";
import { engineCommand } from "../engine-command.ts";
import { DomainError } from "../errors.ts";
import { listVersionsOf } from "./read-object.ts";
import { restoreObjectInput } from "./schema.ts";

/** For the copy of a large object, while somebody waits for the page. */
const copyDeadlineMs = 60_000;

/**
 * Makes a version the current one again, by a copy: the versions above it stay. A delete marker that is the current
 * version is removed, and what it hid is back. Throws `already-done` where the version is the current one, and `conflict`
 * for a marker that is not.
 */
export const restoreObject = engineCommand({
  action: "objects:restore",
  input: restoreObjectInput,
  begin: ({ tx, input, context }) => getActiveBucket(accountIdOf(context), input.bucketId, tx),

  async act({
    input: { key: object, versionId },
    begun: { accountId, name: bucket },
  }): Promise<{ wasMarker: boolean }> {
    const managementKey = await readManagementKey(accountId);
    const { versions } = await listVersionsOf({ key: managementKey, bucket, object, after: null });
    const version = versions.find((candidate) => candidate.versionId === versionId);
    const key = await readObjectKey(accountId);
    if (!version?.isDeleteMarker) {
      if (version?.isLatest) throw new DomainError("already-done");
      // One below the hundred latest is not in the list, and is copied all the same.
      await storage.restoreVersion({ key, bucket, object, versionId }, { deadlineMs: copyDeadlineMs });
      return { wasMarker: false };
    }
    if (!version.isLatest) throw new DomainError("conflict");
    const { failed } = await storage.deleteObjects(
      { key, bucket, objects: [{ object, versionId }] },
      { deadlineMs: PAGE_DEADLINE_MS },
    );
    if (failed[0]) throw new DomainError("engine-refused", { reason: failed[0].engineCode });
    return { wasMarker: true };
  },

  audit: ({ input: { key, versionId }, begun }) => ({
    resourceType: "bucket",
    resourceId: begun.id,
    details: { name: begun.name, key, versionId },
  }),
});
