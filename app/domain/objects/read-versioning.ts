import { PAGE_DEADLINE_MS, type Versioning } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readManagementKey } from "../accounts/engine-tenant.ts";
import { authorizeInAccount } from "../authorization.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import type { Context } from "../context.ts";

/** The bucket, and what becomes of an object that is deleted in it: `unknown` where the engine does not say. */
export async function readVersioning(
  context: Context,
  bucketId: string,
): Promise<{ bucket: string; versioning: Versioning | "unknown" }> {
  const accountId = authorizeInAccount(context, "objects:read");
  const { name: bucket } = await getActiveBucket(accountId, bucketId);
  const managementKey = await readManagementKey(accountId);
  try {
    const versioning = await storage.getVersioning(
      { managementKey, bucket },
      { deadlineMs: PAGE_DEADLINE_MS },
    );
    return { bucket, versioning };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { bucket, versioning: "unknown" };
  }
}
