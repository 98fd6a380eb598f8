import { isAllowed } from "../access.ts";
import { S3Error } from "../errors.ts";
import type { BucketOperation } from "../operation.ts";
import { childText, parseXml, type XmlElements, xmlDocument } from "../xml.ts";
import { removeObjects } from "./remove-objects.ts";

const MAX_KEYS = 1000;
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** POST /bucket?delete: up to 1,000 keys, each with its own outcome. */
export const deleteObjects: BucketOperation = {
  name: "DeleteObjects",
  category: "multi_object_delete",
  scope: "bucket",
  // Asked for each key below.
  action: "",
  parameters: ["delete"],

  async handle({ store, request, caller, bucket, body }) {
    if (!hasBodyDigest(request.headers)) {
      throw new S3Error(
        "InvalidRequest",
        "Missing required header for this request: Content-MD5 or x-amz-checksum-*",
      );
    }
    const document = parseXml(await body.readAll(MAX_DOCUMENT_BYTES), "Delete");
    const keys = readKeys(document);
    const { allowed = [], refused = [] } = Object.groupBy(keys, (key) =>
      isAllowed(caller, bucket, "s3:DeleteObject", key) ? "allowed" : "refused",
    );
    await removeObjects(
      store,
      bucket,
      allowed.map((key) => ({ key })),
    );

    const quiet = childText(document, "Quiet")?.trim() === "true";
    return {
      status: 200,
      body: xmlDocument("DeleteResult", {
        Deleted: quiet ? [] : allowed.map((Key) => ({ Key })),
        Error: refused.map((Key) => ({ Key, Code: "AccessDenied", Message: "Access Denied" })),
      }),
    };
  },
};

/** Amazon insists on one here, since a damaged list would delete the wrong objects. */
function hasBodyDigest(headers: Map<string, string>): boolean {
  return [...headers.keys()].some(
    (name) => name === "content-md5" || name === "x-amz-trailer" || name.startsWith("x-amz-checksum-"),
  );
}

function readKeys(document: XmlElements): string[] {
  const objects = document.Object;
  if (!Array.isArray(objects) || objects.length > MAX_KEYS) throw new S3Error("MalformedXML");
  return objects.map((object) => {
    if (typeof object !== "object" || Array.isArray(object)) throw new S3Error("MalformedXML");
    const key = childText(object, "Key");
    if (!key || key.includes("\0") || !key.isWellFormed()) throw new S3Error("MalformedXML");
    for (const name of Object.keys(object)) {
      if (name !== "Key" && name !== "#text") {
        throw new S3Error("NotImplemented", `${name} is not implemented for DeleteObjects.`);
      }
    }
    return key;
  });
}
