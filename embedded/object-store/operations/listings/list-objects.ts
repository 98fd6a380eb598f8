import { S3Error } from "../../errors.ts";
import type { BucketContext, BucketOperation } from "../../operation.ts";
import { type XmlElements, xmlDocument } from "../../xml.ts";
import { readToken, writeToken } from "./continuation-token.ts";
import { readListingParameters, readPageSize } from "./listing-parameters.ts";
import { type ListedObject, type ObjectEntry, objectPage } from "./object-page.ts";

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
    const page = await objectPage(context.store.database, {
      ...listing,
      bucketId: context.bucket.id,
      after: token === undefined ? startAfter : readToken(token),
    });
    const owner = query.get("fetch-owner") === "true";
    return listing.reply(page, owner, {
      Prefix: listing.encode(listing.prefix),
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
    const page = await objectPage(context.store.database, {
      ...listing,
      bucketId: context.bucket.id,
      after: marker,
    });
    return listing.reply(page, true, {
      // Never encoded in this version: botocore decodes everything else, and not this.
      Prefix: listing.prefix,
      Marker: listing.encode(marker),
      // Without a delimiter the last key serves, and Amazon leaves this out.
      NextMarker: page.truncated && listing.delimiter !== "" ? listing.encode(page.last) : undefined,
    });
  },
};

/** What both versions share: their parameters and most of their answer. */
function readListing({ request, bucket }: BucketContext) {
  const { prefix, delimiter, encodingType, encode } = readListingParameters(request);
  const maxKeys = readPageSize(request, "max-keys");

  const contents = (object: ListedObject, withOwner: boolean): XmlElements => ({
    Key: encode(object.key),
    LastModified: object.modifiedAt.toISOString(),
    ETag: `"${object.etag}"`,
    ChecksumAlgorithm: object.checksumAlgorithm ?? undefined,
    ChecksumType: object.checksumType ?? undefined,
    Size: object.sizeBytes,
    Owner: withOwner ? { ID: bucket.ownerUid, DisplayName: bucket.ownerDisplayName } : undefined,
    StorageClass: "STANDARD",
  });

  const reply = (
    page: { entries: ObjectEntry[]; truncated: boolean },
    withOwner: boolean,
    own: XmlElements,
  ) => ({
    status: 200,
    body: xmlDocument("ListBucketResult", {
      Name: bucket.name,
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
