import { S3Error } from "../errors.ts";
import type { BucketContext, BucketOperation } from "../operation.ts";
import { uriEncode } from "../request.ts";
import { type XmlElements, xmlDocument } from "../xml.ts";
import { type ListedEntry, type ListedObject, listPage } from "./list-page.ts";

const MAX_KEYS = 1000;

/** GET /bucket?list-type=2 */
export const listObjectsV2: BucketOperation = {
  name: "ListObjectsV2",
  category: "list_bucket",
  scope: "bucket",
  action: "s3:ListBucket",
  parameters: [
    "list-type",
    "continuation-token",
    "delimiter",
    "encoding-type",
    "fetch-owner",
    "max-keys",
    "prefix",
    "start-after",
  ],
  headers: ["x-amz-optional-object-attributes"],

  async handle(context) {
    const { query } = context.request;
    if (query.get("list-type") !== "2") throw new S3Error("InvalidArgument", "list-type must be 2.");
    const token = query.get("continuation-token");
    const startAfter = query.get("start-after") ?? "";
    const listing = readListing(context);
    const page = await listPage(context.store.database, {
      ...listing,
      bucketId: context.bucket.id,
      after: token === undefined ? startAfter : readToken(token),
    });
    const owner = query.get("fetch-owner") === "true";
    return listing.reply(page, owner, {
      KeyCount: page.entries.length,
      ContinuationToken: token,
      NextContinuationToken: page.truncated ? writeToken(page.last) : undefined,
      StartAfter: startAfter === "" ? undefined : listing.encode(startAfter),
    });
  },
};

/** GET /bucket: the first version, which some clients still use. */
export const listObjects: BucketOperation = {
  name: "ListObjects",
  category: "list_bucket",
  scope: "bucket",
  action: "s3:ListBucket",
  parameters: ["delimiter", "encoding-type", "marker", "max-keys", "prefix"],
  headers: ["x-amz-optional-object-attributes"],

  async handle(context) {
    const marker = context.request.query.get("marker") ?? "";
    const listing = readListing(context);
    const page = await listPage(context.store.database, {
      ...listing,
      bucketId: context.bucket.id,
      after: marker,
    });
    return listing.reply(page, true, {
      Marker: listing.encode(marker),
      // Without a delimiter the last key serves, and Amazon leaves this out.
      NextMarker: page.truncated && listing.delimiter !== "" ? listing.encode(page.last) : undefined,
    });
  },
};

/** What both versions share: their parameters and most of their answer. */
function readListing({ request, bucket }: BucketContext) {
  const { query } = request;
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const maxKeys = readMaxKeys(query.get("max-keys"));
  const encodingType = query.get("encoding-type");
  if (encodingType !== undefined && encodingType !== "url") {
    throw new S3Error("InvalidArgument", "Invalid Encoding Method specified in Request");
  }
  const encode = (text: string) => (encodingType ? uriEncode(text).replaceAll("%2F", "/") : text);

  const contents = (object: ListedObject, withOwner: boolean): XmlElements => ({
    Key: encode(object.key),
    LastModified: object.modifiedAt.toISOString(),
    ETag: `"${object.etag}"`,
    ChecksumAlgorithm: object.checksumAlgorithm ?? undefined,
    ChecksumType: object.checksumAlgorithm ? "FULL_OBJECT" : undefined,
    Size: object.sizeBytes,
    Owner: withOwner ? { ID: bucket.ownerUid, DisplayName: bucket.ownerDisplayName } : undefined,
    StorageClass: "STANDARD",
  });

  const reply = (
    page: { entries: ListedEntry[]; truncated: boolean },
    withOwner: boolean,
    own: XmlElements,
  ) => ({
    status: 200,
    body: xmlDocument("ListBucketResult", {
      Name: bucket.name,
      Prefix: encode(prefix),
      ...own,
      MaxKeys: maxKeys,
      Delimiter: delimiter === "" ? undefined : encode(delimiter),
      EncodingType: encodingType,
      IsTruncated: page.truncated,
      Contents: page.entries.flatMap((entry) => ("key" in entry ? [contents(entry, withOwner)] : [])),
      CommonPrefixes: page.entries.flatMap((entry) =>
        "key" in entry ? [] : [{ Prefix: encode(entry.prefix) }],
      ),
    }),
  });

  return { prefix, delimiter, maxKeys, encode, reply };
}

function readMaxKeys(given: string | undefined): number {
  if (given === undefined || given === "") return MAX_KEYS;
  if (!/^\d{1,10}$/.test(given) || Number(given) > 2 ** 31 - 1) {
    throw new S3Error("InvalidArgument", "Provided max-keys not an integer or within integer range");
  }
  return Math.min(Number(given), MAX_KEYS);
}

/** The last entry of a page. Opaque to clients, so that they neither build one nor break on odd characters. */
const writeToken = (last: string) => Buffer.from(last, "utf8").toString("base64url");

function readToken(token: string): string {
  const last = Buffer.from(token, "base64url").toString("utf8");
  if (writeToken(last) !== token || last.includes("\0")) {
    throw new S3Error("InvalidArgument", "The continuation token provided is incorrect");
  }
  return last;
}
