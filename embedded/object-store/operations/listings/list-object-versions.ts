import { S3Error } from "../../errors.ts";
import type { BucketOperation } from "../../operation.ts";
import type { S3Request } from "../../request.ts";
import { isVersionId } from "../../versions.ts";
import { type XmlElements, xmlDocument } from "../../xml.ts";
import { readListingParameters, readPageSize } from "./listing-parameters.ts";
import { type ListedVersion, type VersionEntry, versionPage } from "./version-page.ts";

/** GET /bucket?versions: all versions and delete markers. */
export const listObjectVersions: BucketOperation = {
  name: "ListObjectVersions",
  category: "list_bucket",
  scope: "bucket",
  action: "s3:ListBucketVersions",
  parameters: [
    "versions",
    "delimiter",
    "encoding-type",
    "key-marker",
    "max-keys",
    "prefix",
    "version-id-marker",
  ],
  headers: ["x-amz-optional-object-attributes"],

  async handle({ store, request, bucket }) {
    const { prefix, delimiter, encodingType, encode } = readListingParameters(request);
    const maxKeys = readPageSize(request, "max-keys");
    const marker = readMarker(request);
    const page = await versionPage(store.database, {
      bucketId: bucket.id,
      prefix,
      delimiter,
      ...marker,
      maxKeys,
    });

    const Owner = { ID: bucket.ownerUid, DisplayName: bucket.ownerDisplayName };
    const element = (entry: VersionEntry): XmlElements => {
      if ("prefix" in entry) return { CommonPrefixes: { Prefix: encode(entry.prefix) } };
      return entry.isDeleteMarker
        ? { DeleteMarker: { Key: encode(entry.key), ...commonElements(entry), Owner } }
        : { Version: { Key: encode(entry.key), ...commonElements(entry), ...objectElements(entry), Owner } };
    };
    const last = page.truncated ? page.entries.at(-1) : undefined;
    return {
      status: 200,
      // One after the other, as Amazon does it: versions and delete markers stand in one order.
      body: xmlDocument("ListVersionsResult", [
        {
          Name: bucket.name,
          Prefix: encode(prefix),
          KeyMarker: encode(marker.keyMarker),
          VersionIdMarker: marker.versionIdMarker ?? "",
          NextKeyMarker: last && encode("key" in last ? last.key : last.prefix),
          NextVersionIdMarker: last && "key" in last ? last.versionId : undefined,
          MaxKeys: maxKeys,
          Delimiter: delimiter === "" ? undefined : encode(delimiter),
          EncodingType: encodingType,
          IsTruncated: page.truncated,
        },
        ...page.entries.map(element),
      ]),
    };
  },
};

/** @throws S3Error InvalidArgument */
function readMarker({ query }: S3Request): { keyMarker: string; versionIdMarker: string | undefined } {
  const keyMarker = query.get("key-marker") ?? "";
  const versionIdMarker = query.get("version-id-marker") || undefined;
  if (versionIdMarker !== undefined && keyMarker === "") {
    throw new S3Error("InvalidArgument", "A version-id marker cannot be specified without a key marker.");
  }
  if (versionIdMarker !== undefined && !isVersionId(versionIdMarker)) {
    throw new S3Error("InvalidArgument", "Invalid version id specified", {
      details: { ArgumentName: "version-id-marker", ArgumentValue: versionIdMarker },
    });
  }
  return { keyMarker, versionIdMarker };
}

const commonElements = ({ versionId, isCurrent, modifiedAt }: ListedVersion): XmlElements => ({
  VersionId: versionId,
  IsLatest: isCurrent,
  LastModified: modifiedAt.toISOString(),
});

const objectElements = (version: ListedVersion): XmlElements => ({
  ETag: `"${version.etag}"`,
  ChecksumAlgorithm: version.checksumAlgorithm ?? undefined,
  ChecksumType: version.checksumType ?? undefined,
  Size: version.sizeBytes,
  StorageClass: "STANDARD",
});
