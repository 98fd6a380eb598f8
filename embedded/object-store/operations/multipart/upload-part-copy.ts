import { createFileBodyWriter, storeBody } from "../../bodies.ts";
import type { ByteRange } from "../../byte-range.ts";
import { removeBlobs } from "../../collector.ts";
import { S3Error } from "../../errors.ts";
import type { BucketContext, BucketOperation, Reply } from "../../operation.ts";
import { putPart } from "../../parts.ts";
import { requireOpenUpload, type Upload } from "../../uploads.ts";
import { xmlDocument } from "../../xml.ts";
import { copyBody } from "../objects/copy-body.ts";
import { copyFromSource } from "../objects/copy-from-source.ts";
import { COPY_SOURCE_HEADERS, type CopySource, copiedVersionHeader } from "../objects/copy-source.ts";
import { checksumElement } from "../objects/object-checksum.ts";
import { readPartNumber } from "./part-number.ts";

/** PUT /bucket/key?partNumber&uploadId with x-amz-copy-source: a part that is a range of an object, or all of it. */
export const uploadPartCopy: BucketOperation = {
  name: "UploadPartCopy",
  category: "put_obj",
  scope: "bucket",
  action: "s3:PutObject",
  parameters: ["partNumber", "uploadId"],
  headers: [...COPY_SOURCE_HEADERS, "x-amz-copy-source-range"],
  slow: true,

  async handle(context) {
    const { request } = context;
    const number = readPartNumber(request.query.get("partNumber") ?? "");
    const upload = await requireOpenUpload(context);
    return copyFromSource(context, 0, (source) => {
      const range = readCopyRange(request.headers.get("x-amz-copy-source-range"), source.version.sizeBytes);
      return {
        sizeBytes: range.last - range.first + 1,
        run: (reservation) => copyPart(context, upload, number, source, range, reservation),
      };
    });
  },
};

/** @throws S3Error InvalidArgument, InvalidRange */
function readCopyRange(given: string | undefined, sizeBytes: number): ByteRange {
  if (given === undefined) return { first: 0, last: sizeBytes - 1 };
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(given);
  const range = { first: Number(match?.[1]), last: Number(match?.[2]) };
  if (!match || range.first > range.last) {
    throw new S3Error(
      "InvalidArgument",
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      { details: { ArgumentName: "x-amz-copy-source-range", ArgumentValue: given } },
    );
  }
  if (range.last >= sizeBytes) {
    throw new S3Error("InvalidRange", `Range specified is not valid for source object of size: ${sizeBytes}`);
  }
  return range;
}

/** @returns null where the source's body is gone since it was looked up */
async function copyPart(
  { store, bucket }: BucketContext,
  upload: Upload,
  number: number,
  source: CopySource,
  range: ByteRange,
  reservation: string | null,
): Promise<Reply | null> {
  const writer = await createFileBodyWriter(store);
  const done = await storeBody(writer, async () => {
    const copied = await copyBody(store, source.version, range, upload.checksum?.algorithm, writer);
    if (!copied) {
      await writer.discard();
      return null;
    }
    const part = {
      number,
      sizeBytes: range.last - range.first + 1,
      etag: copied.md5,
      checksum: copied.checksum?.value ?? null,
      blobId: (await writer.seal()).blobId,
    };
    return { copied, ...(await putPart(store.database, bucket.id, upload, part, reservation)) };
  });
  if (!done) return null;
  const { copied, storedAt, unusedBlobs } = done;
  await removeBlobs(store, unusedBlobs);
  return {
    status: 200,
    headers: copiedVersionHeader(source),
    body: xmlDocument("CopyPartResult", {
      LastModified: storedAt.toISOString(),
      ETag: `"${copied.md5}"`,
      ...(copied.checksum ? checksumElement(copied.checksum.algorithm, copied.checksum.value) : {}),
    }),
  };
}
