import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { publicEndpoint } from "../access-keys/public-endpoint.ts";
import { authorizeInAccount, can } from "../authorization.ts";
import { areDirectUploadsAllowed } from "../bucket-settings/direct-uploads.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import type { Context } from "../context.ts";

/** What the page needs that uploads into a bucket: two questions to the engine, at once; without answers the form alone. */
export async function readUploadPage(context: Context, bucketId: string) {
  const accountId = authorizeInAccount(context, "objects:upload");
  const { name } = await getActiveBucket(accountId, bucketId);
  const [isDirect, capabilities] = await Promise.all([
    areDirectUploadsAllowed(context, bucketId),
    storage.capabilities({ deadlineMs: PAGE_DEADLINE_MS }).catch(nullWhereAway),
  ]);
  return {
    bucketName: name,
    /** Whether a file can be kept from replacing one of the same name. */
    canKeepExisting: capabilities?.conditionalWrites ?? false,
    /** How files go straight to the storage from a browser with JavaScript; null where they do not. */
    direct: isDirect
      ? {
          api: `/api/accounts/${accountId}/buckets/${bucketId}/uploads`,
          endpoint: publicEndpoint().endpoint,
        }
      : null,
    canAllowDirect: !isDirect && capabilities?.cors === true && can(context, "buckets:set-cors"),
  };
}

function nullWhereAway(error: unknown): null {
  if (error instanceof StorageError) return null;
  throw error;
}
