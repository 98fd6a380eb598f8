import { type Bucket, type Caller, isAllowed, missingKey } from "../../access.ts";
import { S3Error } from "../../errors.ts";
import type { BucketContext, BucketOperation, Reply } from "../../operation.ts";
import { type Deletion, type DeletionOutcome, findVersion, readVersionId } from "../../versions.ts";
import { readEtag } from "./conditions.ts";
import { checkKey } from "./object-key.ts";
import { removeObjects } from "./remove-objects.ts";

/**
 * DELETE /bucket/key. A key that is not there is deleted successfully, as in S3, unless a condition asks for it. With
 * a version id that version is removed for good.
 */
export const deleteObject: BucketOperation = {
  name: "DeleteObject",
  category: "delete_obj",
  scope: "bucket",
  action: "s3:DeleteObject",
  versionAction: "s3:DeleteObjectVersion",
  parameters: ["versionId"],
  // Nothing here is ever retained, so there is nothing to bypass.
  headers: ["x-amz-bypass-governance-retention"],

  async handle(context) {
    const { store, request, caller, bucket } = context;
    // Where versions are kept a delete marker takes the key, even if there is no object.
    checkKey(request.key);
    const versionId = readVersionId(request.query.get("versionId"));
    const given = request.headers.get("if-match");
    const ifMatch = given === undefined ? undefined : readEtag(given);
    const deletion = { key: request.key, versionId, ifMatch };
    if (!mayCompare(caller, bucket, deletion)) throw new S3Error("AccessDenied");
    const [outcome] = await removeObjects(store, bucket, [deletion]);
    if (outcome?.conditionFailed) throw await failedCondition(context, versionId);
    return outcome ? { status: 204, headers: outcomeHeaders(outcome) } : { status: 204 };
  },
};

/** Whether a caller may make a deletion depend on an ETag, which tells what it is: that takes reading, as at Amazon. */
export function mayCompare(caller: Caller, bucket: Bucket, { key, versionId, ifMatch }: Deletion): boolean {
  const action = versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
  return ifMatch === undefined || ifMatch === "*" || isAllowed(caller, bucket, action, key);
}

/** A key that was never there is 404, one whose current version is a delete marker or another object is 412. */
async function failedCondition(
  { store, request, caller, bucket }: BucketContext,
  versionId: string | undefined,
): Promise<S3Error> {
  const version = await findVersion(store.database, bucket.id, request.key, versionId);
  return version ? new S3Error("PreconditionFailed") : missingKey(caller, bucket, request.key, { versionId });
}

function outcomeHeaders({ markerCreated, markerRemoved, versionId }: DeletionOutcome): Reply["headers"] {
  return {
    ...(markerCreated || markerRemoved ? { "x-amz-delete-marker": "true" } : {}),
    ...(versionId === undefined ? {} : { "x-amz-version-id": versionId }),
  };
}
