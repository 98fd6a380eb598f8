import { createFileBodyWriter, storeBody } from "../../bodies.ts";
import { type Checksum, type ChecksumAlgorithm, checksumHeader, createChecksum } from "../../checksums.ts";
import { removeBlobs } from "../../collector.ts";
import { S3Error } from "../../errors.ts";
import type { BucketContext, BucketOperation } from "../../operation.ts";
import { putPart } from "../../parts.ts";
import { requireOpenUpload, type Upload } from "../../uploads.ts";
import { readPartNumber } from "./part-number.ts";

/** PUT /bucket/key?partNumber&uploadId: the part takes the place of an earlier one of its number. */
export const uploadPart: BucketOperation = {
  name: "UploadPart",
  category: "put_obj",
  scope: "bucket",
  action: "s3:PutObject",
  parameters: ["partNumber", "uploadId"],

  async handle(context) {
    const { store, request, bucket, body } = context;
    const number = readPartNumber(request.query.get("partNumber") ?? "");
    if (body.sizeBytes === undefined) throw new S3Error("MissingContentLength");
    const { sizeBytes } = body;
    const upload = await requireOpenUpload(context);
    const reservation = await store.reservations.reserve(bucket, { sizeBytes, objectCount: 0 });
    try {
      const headers = await receivePart(context, upload, number, sizeBytes, reservation);
      store.reservations.settled(reservation);
      return { status: 200, headers };
    } catch (error) {
      await store.reservations.release(reservation);
      throw error;
    }
  },
};

/** @returns the headers of the answer */
async function receivePart(
  { store, bucket, body }: BucketContext,
  upload: Upload,
  number: number,
  sizeBytes: number,
  reservation: string | null,
): Promise<Record<string, string>> {
  const own = missingChecksum(upload, body.checksumAlgorithm);
  const writer = await createFileBodyWriter(store);
  const { part, sent, unusedBlobs } = await storeBody(writer, async () => {
    const received = await body.receive((piece) => {
      own?.update(piece);
      return writer.write(piece);
    });
    const sent = received.checksum;
    const part = {
      number,
      sizeBytes,
      etag: received.md5,
      checksum: upload.checksum ? (own?.digest().toString("base64") ?? sent?.value ?? null) : null,
      blobId: (await writer.seal()).blobId,
    };
    return { part, sent, ...(await putPart(store.database, bucket.id, upload, part, reservation)) };
  });
  await removeBlobs(store, unusedBlobs);
  return {
    etag: `"${part.etag}"`,
    ...(sent ? { [checksumHeader(sent.algorithm)]: sent.value } : {}),
    ...partChecksumHeader(upload, part.checksum),
  };
}

/**
 * A checksum to make of a part that comes without one: the object's is made of those of its parts. Amazon refuses such a
 * part where the object's is composite; but a browser that uploads through a presigned URL sends none.
 *
 * @throws S3Error InvalidRequest where the part comes with another than the upload's
 */
function missingChecksum({ checksum }: Upload, sent: ChecksumAlgorithm | undefined): Checksum | null {
  if (!checksum || sent === checksum.algorithm) return null;
  if (sent === undefined) return createChecksum(checksum.algorithm);
  throw new S3Error(
    "InvalidRequest",
    `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${sent.toLowerCase()}`,
  );
}

function partChecksumHeader(upload: Upload, value: string | null): Record<string, string> {
  return upload.checksum && value !== null ? { [checksumHeader(upload.checksum.algorithm)]: value } : {};
}
