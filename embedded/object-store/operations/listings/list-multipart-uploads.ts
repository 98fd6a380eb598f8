import { S3Error } from "../../errors.ts";
import type { BucketContext, BucketOperation } from "../../operation.ts";
import { isUploadId } from "../../uploads.ts";
import { type XmlElements, xmlDocument } from "../../xml.ts";
import { readListingParameters, readPageSize } from "./listing-parameters.ts";
import { type ListedUpload, uploadPage } from "./upload-page.ts";

/** GET /bucket?uploads: the uploads that were begun and neither completed nor aborted. */
export const listMultipartUploads: BucketOperation = {
  name: "ListMultipartUploads",
  category: "list_bucket_multiparts",
  scope: "bucket",
  action: "s3:ListBucketMultipartUploads",
  parameters: [
    "uploads",
    "delimiter",
    "encoding-type",
    "key-marker",
    "max-uploads",
    "prefix",
    "upload-id-marker",
  ],

  async handle(context) {
    const { store, request, bucket } = context;
    const { prefix, delimiter, encodingType, encode } = readListingParameters(request);
    const maxUploads = readPageSize(request, "max-uploads");
    const keyMarker = request.query.get("key-marker") ?? "";
    const uploadIdMarker = readUploadIdMarker(request.query);
    const { entries, truncated } = await uploadPage(store.database, {
      bucketId: bucket.id,
      prefix,
      delimiter,
      after: { key: keyMarker, uploadId: uploadIdMarker },
      maxUploads,
    });
    const last = truncated ? entries.at(-1) : undefined;
    return {
      status: 200,
      body: xmlDocument("ListMultipartUploadsResult", {
        Bucket: bucket.name,
        KeyMarker: encode(keyMarker),
        UploadIdMarker: uploadIdMarker ?? "",
        NextKeyMarker: last && encode("id" in last ? last.key : last.prefix),
        NextUploadIdMarker: last && ("id" in last ? last.id : ""),
        Prefix: encode(prefix),
        Delimiter: delimiter === "" ? undefined : encode(delimiter),
        EncodingType: encodingType,
        MaxUploads: maxUploads,
        IsTruncated: truncated,
        Upload: entries.flatMap((entry) => ("id" in entry ? [uploadElements(context, entry, encode)] : [])),
        CommonPrefixes: entries.flatMap((entry) => ("id" in entry ? [] : [{ Prefix: encode(entry.prefix) }])),
      }),
    };
  },
};

/** Without a key-marker it says nothing, as at Amazon. @throws S3Error InvalidArgument */
function readUploadIdMarker(query: Map<string, string>): string | undefined {
  const marker = query.get("upload-id-marker");
  if (!query.get("key-marker") || !marker) return undefined;
  if (isUploadId(marker)) return marker;
  throw new S3Error("InvalidArgument", "Invalid uploadId marker", {
    details: { ArgumentName: "upload-id-marker", ArgumentValue: marker },
  });
}

function uploadElements(
  { bucket }: BucketContext,
  upload: ListedUpload,
  encode: (text: string) => string,
): XmlElements {
  return {
    Key: encode(upload.key),
    UploadId: upload.id,
    Initiator: { ID: upload.initiator, DisplayName: upload.initiatorDisplayName },
    Owner: { ID: bucket.ownerUid, DisplayName: bucket.ownerDisplayName },
    StorageClass: "STANDARD",
    Initiated: upload.createdAt.toISOString(),
    ChecksumAlgorithm: upload.checksum?.algorithm,
    ChecksumType: upload.checksum?.type,
  };
}
