import { abortHeaders } from "../../lifecycle/headers.ts";
import type { BucketOperation } from "../../operation.ts";
import { listParts as selectParts } from "../../parts.ts";
import { requireOpenUpload } from "../../uploads.ts";
import { xmlDocument } from "../../xml.ts";
import { readPageSize } from "../listings/listing-parameters.ts";
import { checksumElement } from "../objects/object-checksum.ts";
import { readPartNumberMarker } from "./part-number.ts";

/** GET /bucket/key?uploadId: the parts of an upload so far. */
export const listParts: BucketOperation = {
  name: "ListParts",
  category: "list_multipart",
  scope: "bucket",
  action: "s3:ListMultipartUploadParts",
  parameters: ["uploadId", "max-parts", "part-number-marker"],

  async handle(context) {
    const { store, request, bucket } = context;
    const maxParts = readPageSize(request, "max-parts");
    const marker = readPartNumberMarker(request.query.get("part-number-marker"));
    const upload = await requireOpenUpload(context);
    const found = maxParts === 0 ? [] : await selectParts(store.database, upload.id, marker, maxParts + 1);
    const parts = found.slice(0, maxParts);
    return {
      status: 200,
      headers: abortHeaders(bucket.lifecycle, upload),
      body: xmlDocument("ListPartsResult", {
        Bucket: bucket.name,
        Key: upload.key,
        UploadId: upload.id,
        Initiator: { ID: upload.initiator, DisplayName: upload.initiatorDisplayName },
        Owner: { ID: bucket.ownerUid, DisplayName: bucket.ownerDisplayName },
        StorageClass: "STANDARD",
        ChecksumAlgorithm: upload.checksum?.algorithm,
        ChecksumType: upload.checksum?.type,
        PartNumberMarker: marker,
        NextPartNumberMarker: parts.at(-1)?.number ?? marker,
        MaxParts: maxParts,
        IsTruncated: found.length > parts.length,
        Part: parts.map((part) => ({
          PartNumber: part.number,
          LastModified: part.modifiedAt.toISOString(),
          ETag: `"${part.etag}"`,
          Size: part.sizeBytes,
          ...(upload.checksum && part.checksum !== null
            ? checksumElement(upload.checksum.algorithm, part.checksum)
            : {}),
        })),
      }),
    };
  },
};
