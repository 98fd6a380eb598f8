import { missingKey } from "../access.ts";
import { openBody } from "../bodies.ts";
import { S3Error } from "../errors.ts";
import type { BucketContext, BucketOperation, Reply } from "../operation.ts";
import { findVersion, readVersionId, type Version } from "../versions.ts";
import { readRange } from "./byte-range.ts";
import { checkReadConditions, rangeApplies } from "./conditions.ts";
import { checksumHeaders, sentHeaders } from "./object-headers.ts";

/** Query parameters that replace a header of the answer. */
const OVERRIDES = [
  "response-cache-control",
  "response-content-disposition",
  "response-content-encoding",
  "response-content-language",
  "response-content-type",
  "response-expires",
];

const rules = {
  scope: "bucket",
  action: "s3:GetObject",
  parameters: [...OVERRIDES, "versionId"],
  headers: ["x-amz-checksum-mode"],
} as const;

/** GET /bucket/key, whole or a range. */
export const getObject: BucketOperation = {
  ...rules,
  name: "GetObject",
  category: "get_obj",
  parameters: [...rules.parameters],
  headers: [...rules.headers],
  handle: readObject,
};

/** HEAD /bucket/key: what a GET would answer, without the body. */
export const headObject: BucketOperation = { ...getObject, name: "HeadObject" };

async function readObject(context: BucketContext): Promise<Reply> {
  const { store, request, bucket } = context;
  const versionId = readVersionId(request.query.get("versionId"));
  for (;;) {
    const version = requireObject(
      context,
      await findVersion(store.database, bucket.id, request.key, versionId),
      versionId,
    );
    const { status, headers, range } = prepareAnswer(context, version);
    if (request.method === "HEAD") return { status, headers };
    const body = await openBody(store, version, range);
    // An overwrite can remove it between our look at the row and at the body. The new row has a new one.
    if (body) return { status, headers, body };
  }
}

/** @throws S3Error NoSuchKey, NoSuchVersion; MethodNotAllowed for a delete marker that was asked for by its id */
function requireObject(
  { request, caller, bucket }: BucketContext,
  version: Version | null,
  versionId: string | undefined,
): Version {
  if (!version && versionId !== undefined) {
    throw new S3Error("NoSuchVersion", undefined, { details: { Key: request.key, VersionId: versionId } });
  }
  if (!version) throw missingKey(caller, bucket, request.key);
  if (!version.isDeleteMarker) return version;
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": version.versionId };
  if (versionId === undefined) throw missingKey(caller, bucket, request.key, headers);
  throw new S3Error("MethodNotAllowed", undefined, {
    headers: { ...headers, allow: "DELETE", "last-modified": version.modifiedAt.toUTCString() },
  });
}

function prepareAnswer({ request, bucket }: BucketContext, object: Version) {
  checkReadConditions(request.headers, object.etag, object.modifiedAt);
  const given = request.headers.get("range");
  const usable = given !== undefined && rangeApplies(request.headers, object.etag, object.modifiedAt);
  const partial = usable ? readRange(given, object.sizeBytes) : null;
  const range = partial ?? { first: 0, last: object.sizeBytes - 1 };

  const headers: Record<string, string | number> = {
    ...sentHeaders(object),
    ...readOverrides(request.query),
    "accept-ranges": "bytes",
    "content-length": range.last - range.first + 1,
    etag: `"${object.etag}"`,
    "last-modified": object.modifiedAt.toUTCString(),
  };
  if (bucket.versioning !== null) headers["x-amz-version-id"] = object.versionId;
  if (partial) headers["content-range"] = `bytes ${range.first}-${range.last}/${object.sizeBytes}`;
  // A client would compare the checksum of the whole with the part that it got.
  else if (request.headers.get("x-amz-checksum-mode")?.toUpperCase() === "ENABLED") {
    Object.assign(headers, checksumHeaders(object.checksum));
  }
  return { status: partial ? 206 : 200, headers, range };
}

function readOverrides(query: Map<string, string>): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = query.get(name);
    if (value === undefined) continue;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a header must not hold
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
      throw new S3Error("InvalidArgument", `Bad ${name}.`);
    overrides[name.slice("response-".length)] = Buffer.from(value, "utf8").toString("latin1");
  }
  return overrides;
}
