import { isAllowed } from "../../access.ts";
import { type ErrorCode, S3Error } from "../../errors.ts";
import type { BucketContext, BucketOperation } from "../../operation.ts";
import { type Deletion, type DeletionOutcome, isVersionId } from "../../versions.ts";
import { childElements, childText, parseXml, type XmlElements, xmlDocument } from "../../xml.ts";
import { requireBodyDigest } from "../body-digest.ts";
import { readEtag } from "./conditions.ts";
import { mayCompare } from "./delete-object.ts";
import { isTooLong } from "./object-key.ts";
import { removeObjects } from "./remove-objects.ts";

const MAX_KEYS = 1000;
/** 1,000 of the longest keys with their versions, and as much again for how they are written. */
const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;

/** POST /bucket?delete: up to 1,000 objects or versions, each with its own outcome. */
export const deleteObjects: BucketOperation = {
  name: "DeleteObjects",
  category: "multi_object_delete",
  scope: "bucket",
  // Asked for each key below.
  action: "",
  parameters: ["delete"],
  headers: ["x-amz-bypass-governance-retention"],

  async handle(context) {
    const { store, request, bucket, body } = context;
    requireBodyDigest(request.headers);
    const document = parseXml(await body.readAll(MAX_DOCUMENT_BYTES), "Delete");
    const deletions = readDeletions(document).map((deletion) => ({
      deletion,
      refusal: refuse(context, deletion),
    }));
    const allowed = deletions.filter(({ refusal }) => !refusal).map(({ deletion }) => deletion);
    const outcomes = await removeObjects(store, bucket, allowed);

    const quiet = childText(document, "Quiet")?.trim() === "true";
    return {
      status: 200,
      body: xmlDocument("DeleteResult", {
        Deleted: quiet
          ? []
          : allowed.flatMap((deletion, index) => {
              const outcome = outcomes[index];
              return outcome && !outcome.conditionFailed ? [deletedElement(deletion, outcome)] : [];
            }),
        Error: [
          ...deletions.flatMap(({ deletion, refusal }) => (refusal ? [errorElement(deletion, refusal)] : [])),
          ...allowed
            .filter((_, index) => outcomes[index]?.conditionFailed)
            .map((deletion) => errorElement(deletion, "PreconditionFailed")),
        ],
      }),
    };
  },
};

/** @throws S3Error MalformedXML; NotImplemented for the conditions that only directory buckets have */
function readDeletions(document: XmlElements): Deletion[] {
  const objects = childElements(document, "Object");
  if (objects.length === 0 || objects.length > MAX_KEYS) throw new S3Error("MalformedXML");
  return objects.map((object) => {
    const key = childText(object, "Key");
    if (!key || key.includes("\0") || !key.isWellFormed()) throw new S3Error("MalformedXML");
    for (const name of Object.keys(object)) {
      if (!["Key", "VersionId", "ETag", "#text"].includes(name)) {
        throw new S3Error("NotImplemented", `${name} is not implemented for DeleteObjects.`);
      }
    }
    const etag = childText(object, "ETag");
    return {
      key,
      // An empty element is one that says nothing, as SDKs write it for a value that is not set.
      versionId: childText(object, "VersionId") || undefined,
      ifMatch: etag ? readEtag(etag) : undefined,
    };
  });
}

/** Why one object must not be deleted, or null where it may. */
function refuse({ caller, bucket }: BucketContext, deletion: Deletion): ErrorCode | null {
  const { key, versionId } = deletion;
  if (isTooLong(key)) return "KeyTooLongError";
  const action = versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
  if (!isAllowed(caller, bucket, action, key) || !mayCompare(caller, bucket, deletion)) {
    return "AccessDenied";
  }
  return versionId === undefined || isVersionId(versionId) ? null : "NoSuchVersion";
}

function deletedElement({ key, versionId }: Deletion, outcome: DeletionOutcome): XmlElements {
  const marker = outcome.markerCreated || outcome.markerRemoved;
  return {
    Key: key,
    VersionId: versionId,
    DeleteMarker: marker ? true : undefined,
    DeleteMarkerVersionId: marker ? outcome.versionId : undefined,
  };
}

function errorElement({ key, versionId }: Deletion, code: ErrorCode): XmlElements {
  return { Key: key, VersionId: versionId, Code: code, Message: new S3Error(code).message };
}
