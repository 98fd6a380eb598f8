import { checkedBucket } from "../names.ts";

/** S3's limit. */
const MAX_KEY_BYTES = 1024;

/**
 * Refuses what is no key of an object. An empty one above all: the same request without a key is one for the bucket.
 */
export function checkedObject(object: string): string {
  const isKey = object !== "" && object.isWellFormed() && !object.includes("\0");
  if (!isKey || Buffer.byteLength(object) > MAX_KEY_BYTES) {
    throw new TypeError("Not the key of an object");
  }
  return object;
}

/** How the SDK's commands want to be told of an object, or of one of its versions. */
export function objectParameters(input: { bucket: string; object: string; versionId?: string | null }): {
  Bucket: string;
  Key: string;
  VersionId?: string;
} {
  const { bucket, object, versionId } = input;
  return {
    Bucket: checkedBucket(bucket),
    Key: checkedObject(object),
    ...(versionId ? { VersionId: versionId } : {}),
  };
}

/** The same of an upload in parts. */
export function uploadParameters(input: { bucket: string; object: string; uploadId: string }): {
  Bucket: string;
  Key: string;
  UploadId: string;
} {
  // Without one the request would be for the object itself.
  if (input.uploadId === "") throw new TypeError("Not the id of an upload");
  return { ...objectParameters({ bucket: input.bucket, object: input.object }), UploadId: input.uploadId };
}

/** An ETag without the quotes that most engines, but not all, put around it. */
export function plainEtag(etag: string | undefined): string {
  return etag?.replaceAll('"', "") ?? "";
}
