import { S3Error } from "../../errors.ts";
import type { BucketContext, BucketOperation } from "../../operation.ts";
import { listObjectParts } from "../../parts.ts";
import { evaluatePolicies } from "../../policy.ts";
import type { Version } from "../../versions.ts";
import { type XmlElements, xmlDocument } from "../../xml.ts";
import { readPartNumberMarker } from "../multipart/part-number.ts";
import { checksumElement, checksumElements } from "./object-checksum.ts";
import { requireVersion } from "./require-version.ts";

const ATTRIBUTES = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"] as const;
type Attribute = (typeof ATTRIBUTES)[number];

const MAX_PARTS = 1000;

/**
 * GET /bucket/key?attributes: what is known of an object, as far as it is asked for, its parts among it.
 *
 * Amazon wants s3:GetObjectAttributes as well. Whoever may read an object knows all of this without it, and Ceph before
 * 20 has no such action; so here it needs none, but may be denied.
 */
export const getObjectAttributes: BucketOperation = {
  name: "GetObjectAttributes",
  category: "get_obj_attrs",
  scope: "bucket",
  action: "s3:GetObject",
  versionAction: "s3:GetObjectVersion",
  parameters: ["attributes", "versionId"],
  headers: ["x-amz-max-parts", "x-amz-object-attributes", "x-amz-part-number-marker"],

  async handle(context) {
    const { request, bucket } = context;
    refuseDenied(context);
    const wanted = readAttributes(request.headers.get("x-amz-object-attributes") ?? "");
    const version = await requireVersion(context);
    const attributes: Record<Attribute, () => XmlElements[string] | Promise<XmlElements[string]>> = {
      ETag: () => version.etag,
      Checksum: () => (version.checksum ? checksumElements(version.checksum) : undefined),
      ObjectParts: () => objectParts(context, version),
      StorageClass: () => "STANDARD",
      ObjectSize: () => version.sizeBytes,
    };
    const elements: XmlElements = {};
    for (const name of ATTRIBUTES) if (wanted.has(name)) elements[name] = await attributes[name]();
    return {
      status: 200,
      headers: {
        "last-modified": version.modifiedAt.toUTCString(),
        ...(bucket.versioning === null ? {} : { "x-amz-version-id": version.versionId }),
      },
      body: xmlDocument("GetObjectAttributesResponse", elements),
    };
  },
};

/** @throws S3Error AccessDenied */
function refuseDenied({ request, caller, bucket }: BucketContext): void {
  const action = request.query.has("versionId") ? "s3:GetObjectVersionAttributes" : "s3:GetObjectAttributes";
  const resource = `arn:aws:s3:::${bucket.name}/${request.key}`;
  if (evaluatePolicies(caller.policies, action, resource) === "deny") throw new S3Error("AccessDenied");
}

/** @throws S3Error InvalidArgument */
function readAttributes(header: string): Set<Attribute> {
  const names = header.split(",").map((name) => name.trim());
  const known = names.map((name) => ATTRIBUTES.find((attribute) => attribute === name));
  if (known.includes(undefined)) {
    throw new S3Error("InvalidArgument", "Invalid attribute name specified.", {
      details: { ArgumentName: "x-amz-object-attributes", ArgumentValue: header },
    });
  }
  return new Set(known as Attribute[]);
}

/** Of an object that was uploaded in parts. Others have none. */
async function objectParts(
  { store, request }: BucketContext,
  version: Version,
): Promise<XmlElements | undefined> {
  const maxParts = readMaxParts(request.headers.get("x-amz-max-parts"));
  const marker = readPartNumberMarker(request.headers.get("x-amz-part-number-marker"));
  if (version.uploadId === null) return undefined;
  const { parts, partsCount } = await listObjectParts(store.database, version.uploadId, marker, maxParts);
  const last = parts.at(-1)?.ordinal ?? marker;
  return {
    PartsCount: partsCount,
    PartNumberMarker: marker,
    NextPartNumberMarker: last,
    MaxParts: maxParts,
    IsTruncated: last < partsCount,
    Part: parts.map((part) => ({
      PartNumber: part.ordinal,
      Size: part.sizeBytes,
      ...(version.checksum && part.checksum !== null
        ? checksumElement(version.checksum.algorithm, part.checksum)
        : {}),
    })),
  };
}

/** @throws S3Error InvalidArgument */
function readMaxParts(given: string | undefined): number {
  if (given === undefined || given === "") return MAX_PARTS;
  if (/^\d{1,9}$/.test(given)) return Math.min(Number(given), MAX_PARTS);
  throw new S3Error("InvalidArgument", "Provided max-parts not an integer or within integer range");
}
