import type { ChecksumAlgorithm } from "../../checksums.ts";
import { S3Error } from "../../errors.ts";
import { abortHeaders } from "../../lifecycle/headers.ts";
import type { BucketOperation } from "../../operation.ts";
import { readTaggingHeader } from "../../tags.ts";
import { createUpload, type UploadChecksum } from "../../uploads.ts";
import { xmlDocument } from "../../xml.ts";
import { readChecksumAlgorithm } from "../objects/object-checksum.ts";
import { readObjectHeaders } from "../objects/object-headers.ts";
import { checkKey } from "../objects/object-key.ts";

/** POST /bucket/key?uploads: begins an upload in parts. What the object keeps beside its body is given here. */
export const createMultipartUpload: BucketOperation = {
  name: "CreateMultipartUpload",
  category: "init_multipart",
  scope: "bucket",
  action: "s3:PutObject",
  parameters: ["uploads"],
  headers: [
    "x-amz-acl",
    "x-amz-checksum-algorithm",
    "x-amz-checksum-type",
    "x-amz-meta-",
    "x-amz-storage-class",
    "x-amz-tagging",
  ],

  async handle(context) {
    const { store, request, bucket, caller } = context;
    checkKey(request.key);
    const checksum = readChecksumWish(request.headers);
    const id = await createUpload(store.database, bucket, {
      ...readObjectHeaders(request.headers),
      key: request.key,
      tags: readTaggingHeader(context),
      checksum,
      initiator: caller.uid,
    });
    return {
      status: 200,
      headers: {
        ...(checksum && {
          "x-amz-checksum-algorithm": checksum.algorithm,
          "x-amz-checksum-type": checksum.type,
        }),
        ...abortHeaders(bucket.lifecycle, { key: request.key, createdAt: new Date() }),
      },
      body: xmlDocument("InitiateMultipartUploadResult", {
        Bucket: bucket.name,
        Key: request.key,
        UploadId: id,
      }),
    };
  },
};

/**
 * Which types of checksum an algorithm can have, the first by default. CRCs of parts can be put together to that of the
 * whole; of SHA digests only a digest of digests can be made. Amazon makes none of CRC-64/NVME.
 *
 * Source: "Checking object integrity in Amazon S3", Amazon S3 user guide.
 */
const CHECKSUM_TYPES: Record<ChecksumAlgorithm, UploadChecksum["type"][]> = {
  CRC32: ["COMPOSITE", "FULL_OBJECT"],
  CRC32C: ["COMPOSITE", "FULL_OBJECT"],
  CRC64NVME: ["FULL_OBJECT"],
  SHA1: ["COMPOSITE"],
  SHA256: ["COMPOSITE"],
};

/** @throws S3Error InvalidRequest */
function readChecksumWish(headers: Map<string, string>): UploadChecksum | null {
  const algorithm = readChecksumAlgorithm(headers);
  const type = headers.get("x-amz-checksum-type")?.toUpperCase();
  if (algorithm === undefined) {
    if (type === undefined) return null;
    throw new S3Error(
      "InvalidRequest",
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    );
  }
  const types = CHECKSUM_TYPES[algorithm];
  if (type === undefined) return { algorithm, type: types[0] as UploadChecksum["type"] };
  const chosen = types.find((possible) => possible === type);
  if (chosen) return { algorithm, type: chosen };
  if (type !== "COMPOSITE" && type !== "FULL_OBJECT") {
    throw new S3Error("InvalidRequest", "Value for x-amz-checksum-type header is invalid.");
  }
  throw new S3Error(
    "InvalidRequest",
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}
