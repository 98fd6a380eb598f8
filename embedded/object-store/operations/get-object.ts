import type { ReadStream } from "node:fs";
import { missingKey } from "../access.ts";
import { type ChecksumAlgorithm, checksumHeader } from "../checksums.ts";
import { S3Error } from "../errors.ts";
import type { BucketContext, BucketOperation, Reply } from "../operation.ts";
import { type ByteRange, readRange } from "./byte-range.ts";
import { checkReadConditions, rangeApplies } from "./conditions.ts";
import { sentHeaders } from "./object-headers.ts";

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
  parameters: OVERRIDES,
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

type ObjectRow = {
  blob_id: string | null;
  size_bytes: number;
  etag: string;
  checksum_algorithm: ChecksumAlgorithm | null;
  checksum_value: string | null;
  headers: Record<string, string>;
  metadata: Record<string, string>;
  modified_at: Date;
};

async function readObject(context: BucketContext): Promise<Reply> {
  for (;;) {
    const object = await findObject(context);
    const { status, headers, range } = prepareAnswer(context, object);
    if (context.request.method === "HEAD" || object.blob_id === null) return { status, headers };
    const body = await openBlob(context, object.blob_id, range);
    // An overwrite can remove the file between our look at the row and at the file. The new row has a new file.
    if (body) return { status, headers, body };
  }
}

async function findObject({ store, request, caller, bucket }: BucketContext): Promise<ObjectRow> {
  const { rows } = await store.database.query<ObjectRow>(
    `select blob_id, size_bytes, etag, checksum_algorithm, checksum_value, headers, metadata, modified_at
     from s3.objects where bucket_id = $1 and key = $2`,
    [bucket.id, request.key],
  );
  if (!rows[0]) throw missingKey(caller, bucket, request.key);
  return rows[0];
}

function prepareAnswer({ request }: BucketContext, object: ObjectRow) {
  checkReadConditions(request.headers, object.etag, object.modified_at);
  const given = request.headers.get("range");
  const usable = given !== undefined && rangeApplies(request.headers, object.etag, object.modified_at);
  const partial = usable ? readRange(given, object.size_bytes) : null;
  const range = partial ?? { first: 0, last: object.size_bytes - 1 };

  const headers: Record<string, string | number> = {
    ...sentHeaders(object),
    ...readOverrides(request.query),
    "accept-ranges": "bytes",
    "content-length": range.last - range.first + 1,
    etag: `"${object.etag}"`,
    "last-modified": object.modified_at.toUTCString(),
  };
  if (partial) headers["content-range"] = `bytes ${range.first}-${range.last}/${object.size_bytes}`;
  // A client would compare the checksum of the whole with the part that it got.
  else if (
    object.checksum_algorithm &&
    request.headers.get("x-amz-checksum-mode")?.toUpperCase() === "ENABLED"
  ) {
    headers[checksumHeader(object.checksum_algorithm)] = object.checksum_value ?? "";
    headers["x-amz-checksum-type"] = "FULL_OBJECT";
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

async function openBlob({ store }: BucketContext, id: string, range: ByteRange): Promise<ReadStream | null> {
  try {
    return await store.blobs.read(id, range.first, range.last);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
