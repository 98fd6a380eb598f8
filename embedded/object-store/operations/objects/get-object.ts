import { openBody } from "../../bodies.ts";
import { S3Error } from "../../errors.ts";
import { expirationHeader } from "../../lifecycle/headers.ts";
import type { BucketContext, BucketOperation, Reply } from "../../operation.ts";
import { taggingCountHeader } from "../../tags.ts";
import type { Version } from "../../versions.ts";
import { checkReadConditions } from "./conditions.ts";
import { checksumHeaders } from "./object-checksum.ts";
import { sentHeaders } from "./object-headers.ts";
import { chooseRange } from "./object-range.ts";
import { requireVersion } from "./require-version.ts";

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
  versionAction: "s3:GetObjectVersion",
  parameters: [...OVERRIDES, "partNumber", "versionId"],
  headers: ["x-amz-checksum-mode"],
} as const;

/** GET /bucket/key: the whole, a range or a part. */
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
  for (let before: Version | null = null; ; ) {
    const version = await requireVersion(context, { withBody: context.request.method === "GET" });
    const { status, headers, range } = await prepareAnswer(context, version);
    if (context.request.method === "HEAD") return { status, headers };
    const body = await openBody(context.store, version, range);
    // An overwrite can remove it between our look at the row and at the body. The new row has a new one.
    if (body) return { status, headers, body };
    // Still the same row: its body is lost. See scrub/.
    if (version.id === before?.id) throw new Error(`the body of version ${version.id} is missing`);
    before = version;
  }
}

/** Status and headers of the answer, and the bytes that it sends. */
async function prepareAnswer(context: BucketContext, object: Version) {
  const { store, request, bucket } = context;
  checkReadConditions(request.headers, object.etag, object.modifiedAt);
  const { range, isPartial, checksum, partsCount } = await chooseRange(store.database, request, object);

  const headers: Record<string, string | number> = {
    ...sentHeaders(object, request.headers.get("user-agent")),
    ...readOverrides(request.query),
    ...taggingCountHeader(context, object.tags),
    ...(request.query.has("versionId") ? {} : expirationHeader(bucket.lifecycle, object)),
    "accept-ranges": "bytes",
    "content-length": range.last - range.first + 1,
    etag: `"${object.etag}"`,
    "last-modified": object.modifiedAt.toUTCString(),
  };
  if (bucket.versioning !== null) headers["x-amz-version-id"] = object.versionId;
  if (isPartial) headers["content-range"] = `bytes ${range.first}-${range.last}/${object.sizeBytes}`;
  if (partsCount !== undefined) headers["x-amz-mp-parts-count"] = partsCount;
  if (request.headers.get("x-amz-checksum-mode")?.toUpperCase() === "ENABLED") {
    Object.assign(headers, checksumHeaders(checksum));
  }
  return { status: isPartial ? 206 : 200, headers, range };
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
