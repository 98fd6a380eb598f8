import { type ObjectContent, type ObjectDetails, PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readObjectKey } from "../accounts/object-key.ts";
import { authorizeInAccount } from "../authorization.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import type { Context } from "../context.ts";
import { downloadName } from "./download-name.ts";
import type { ObjectAddress } from "./read-object.ts";
import { refusalOfReading } from "./refusals.ts";

/** What somebody wants of an object's content. */
export interface DownloadWish {
  /** Everything that is known of it but the content itself. */
  headOnly: boolean;
  /** One range, as in the HTTP header: `bytes=0-99`. */
  range: string | null;
  /** The range counts only for content of this ETag (without quotes); whatever it is, where null. */
  ifEtag: string | null;
}

export interface Download {
  /** Of the file that it becomes. */
  name: string;
  details: ObjectDetails;
  /** A stream to be read to its end or destroyed; null where only the head was wanted, or there is none of the range. */
  content: Pick<ObjectContent, "body" | "contentLength" | "contentRange"> | null;
  /** Whether the object has no byte of the range. */
  isUnsatisfiable: boolean;
}

const deadline = { deadlineMs: PAGE_DEADLINE_MS };

/**
 * An object's content, for a member of the account. Throws `not-found`, `engine-unavailable`, and `account-not-active`
 * while the engine refuses what the account's keys sign.
 */
export async function openDownload(
  context: Context,
  { bucketId, key, versionId }: ObjectAddress,
  wish: DownloadWish,
): Promise<Download> {
  const accountId = authorizeInAccount(context, "objects:read");
  const bucket = await getActiveBucket(accountId, bucketId);
  const object = { bucket: bucket.name, object: key, ...(versionId ? { versionId } : {}) };
  try {
    return {
      name: downloadName(key),
      ...(await open({ ...object, key: await readObjectKey(accountId) }, wish)),
    };
  } catch (error) {
    throw refusalOfReading(error, context);
  }
}

type Place = Parameters<typeof storage.headObject>[0];

async function open(
  place: Place,
  { headOnly, range, ifEtag }: DownloadWish,
): Promise<Omit<Download, "name">> {
  if (headOnly) return withoutContent(place, false);
  try {
    const { body, contentLength, contentRange, ...details } = await storage.getObject(
      range ? { ...place, range } : place,
      deadline,
    );
    if (range && ifEtag !== null && details.etag !== ifEtag) {
      // The object is another one by now: part of it would not fit what was downloaded before.
      body.destroy();
      return await open(place, { headOnly, range: null, ifEtag: null });
    }
    return { details, content: { body, contentLength, contentRange }, isUnsatisfiable: false };
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== "unsatisfiable") throw error;
    return withoutContent(place, true);
  }
}

async function withoutContent(place: Place, isUnsatisfiable: boolean): Promise<Omit<Download, "name">> {
  return { details: await storage.headObject(place, deadline), content: null, isUnsatisfiable };
}
