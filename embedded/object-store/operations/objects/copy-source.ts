import { type Bucket, checkExpectedOwner, findBucket, isAllowed, missingKey } from "../../access.ts";
import { noSuchBucket, S3Error } from "../../errors.ts";
import type { BucketContext } from "../../operation.ts";
import { headerText } from "../../request.ts";
import { findVersion, readVersionId, type Version } from "../../versions.ts";
import { checkReadConditions } from "./conditions.ts";

/** The headers that say what is copied. */
export const COPY_SOURCE_HEADERS = [
  "x-amz-copy-source",
  "x-amz-copy-source-if-match",
  "x-amz-copy-source-if-modified-since",
  "x-amz-copy-source-if-none-match",
  "x-amz-copy-source-if-unmodified-since",
  "x-amz-source-expected-bucket-owner",
];

export type CopySource = {
  bucket: Bucket;
  version: Version;
  /** Whether the request names the version. */
  byId: boolean;
};

/**
 * The object that a request copies, once the caller may read it and its conditions hold.
 *
 * @throws S3Error InvalidArgument, NoSuchBucket, AccessDenied, NoSuchKey, NoSuchVersion, InvalidRequest (a delete marker
 *   by its id), PreconditionFailed
 */
export async function requireCopySource({ store, request, caller }: BucketContext): Promise<CopySource> {
  const { bucketName, key, versionId } = parseCopySource(request.headers.get("x-amz-copy-source") ?? "");
  // Another tenant's buckets do not exist, here as everywhere.
  const bucket = await findBucket(store.database, caller.tenant, bucketName);
  if (!bucket) throw noSuchBucket(bucketName);
  checkExpectedOwner(bucket, request.headers.get("x-amz-source-expected-bucket-owner"));
  const action = versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
  if (!isAllowed(caller, bucket, action, key)) throw new S3Error("AccessDenied");

  const version = await findVersion(store.database, bucket.id, key, versionId);
  if (version?.isDeleteMarker && versionId !== undefined) {
    throw new S3Error(
      "InvalidRequest",
      "The source of a copy request may not specifically refer to a delete marker by version id.",
    );
  }
  if (!version || version.isDeleteMarker) throw missingKey(caller, bucket, key, { versionId });
  checkCopyConditions(request.headers, version);
  return { bucket, version, byId: versionId !== undefined };
}

/**
 * Reads `x-amz-copy-source`: `[/]bucket/key[?versionId=id]`, percent-encoded in whatever way. A plus sign is a space, as
 * at Amazon; one in a key is sent as %2B.
 *
 * @throws S3Error InvalidArgument
 */
export function parseCopySource(header: string): {
  bucketName: string;
  key: string;
  versionId: string | undefined;
} {
  const malformed = () =>
    new S3Error(
      "InvalidArgument",
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      {
        details: { ArgumentName: "x-amz-copy-source", ArgumentValue: header },
      },
    );
  // Before decoding: a question mark that belongs to the key is encoded.
  const [, path = "", versionId] = /^(.*?)(?:\?versionId=(.*))?$/s.exec(headerText(header)) ?? [];
  let decoded: string;
  try {
    decoded = decodeURIComponent(path.replaceAll("+", " ")).replace(/^\//, "");
  } catch {
    throw malformed();
  }
  const slash = decoded.indexOf("/");
  if (slash < 1 || slash === decoded.length - 1 || decoded.includes("\0")) throw malformed();
  return {
    bucketName: decoded.slice(0, slash),
    key: decoded.slice(slash + 1),
    versionId: readVersionId(versionId),
  };
}

/** The conditions of a GET under other names; whichever does not hold, the copy is refused with 412. */
function checkCopyConditions(headers: Map<string, string>, version: Version): void {
  const prefix = "x-amz-copy-source-";
  const conditions = new Map<string, string>();
  for (const [name, value] of headers) {
    if (name.startsWith(`${prefix}if-`)) conditions.set(name.slice(prefix.length), value);
  }
  try {
    checkReadConditions(conditions, version.etag, version.modifiedAt);
  } catch (error) {
    throw error instanceof S3Error && error.code === "NotModified"
      ? new S3Error("PreconditionFailed")
      : error;
  }
}

/** The header that names the version that was copied, where its bucket has ever kept versions. */
export function copiedVersionHeader({ bucket, version }: CopySource): Record<string, string> {
  return bucket.versioning === null ? {} : { "x-amz-copy-source-version-id": version.versionId };
}
