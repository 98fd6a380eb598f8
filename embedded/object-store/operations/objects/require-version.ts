import { missingKey } from "../../access.ts";
import { S3Error } from "../../errors.ts";
import type { BucketContext } from "../../operation.ts";
import { findVersion, readVersionId, type Version } from "../../versions.ts";

/**
 * The object that a request names: the current version of its key, or with `versionId` that version.
 *
 * @param options as findVersion takes them
 * @throws S3Error NoSuchKey, NoSuchVersion; MethodNotAllowed for a delete marker that was asked for by its id
 */
export async function requireVersion(
  { store, request, caller, bucket }: BucketContext,
  { withBody = false } = {},
): Promise<Version> {
  const versionId = readVersionId(request.query.get("versionId"));
  const version = await findVersion(store.database, bucket.id, request.key, versionId, { withBody });
  if (!version) {
    // As the Ceph Object Gateway says it; Amazon leaves the header out.
    const headers: Record<string, string> = versionId === undefined ? { "x-amz-delete-marker": "false" } : {};
    throw missingKey(caller, bucket, request.key, { versionId, headers });
  }
  if (!version.isDeleteMarker) return version;
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": version.versionId };
  if (versionId === undefined) throw missingKey(caller, bucket, request.key, { headers });
  throw new S3Error("MethodNotAllowed", undefined, {
    headers: { ...headers, allow: "DELETE", "last-modified": version.modifiedAt.toUTCString() },
  });
}
