import { removeBlobs } from "../../collector.ts";
import type { BucketOperation } from "../../operation.ts";
import { abortUploads, noSuchUpload, requireOpenUpload } from "../../uploads.ts";

/** DELETE /bucket/key?uploadId: ends an upload and frees what its parts took. A part that still comes in is refused. */
export const abortMultipartUpload: BucketOperation = {
  name: "AbortMultipartUpload",
  category: "abort_multipart",
  scope: "bucket",
  action: "s3:AbortMultipartUpload",
  parameters: ["uploadId"],

  async handle(context) {
    const { store, bucket } = context;
    const upload = await requireOpenUpload(context);
    const { aborted, unusedBlobs } = await abortUploads(store.database, bucket.id, [upload.id]);
    // Another request was faster.
    if (aborted.length === 0) throw noSuchUpload(upload.id);
    await removeBlobs(store, unusedBlobs);
    return { status: 204 };
  },
};
