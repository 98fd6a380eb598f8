import { S3Error } from "../errors.ts";
import type { BucketOperation } from "../operation.ts";
import { removeObjects } from "./remove-objects.ts";

/** DELETE /bucket/key. A key that is not there is deleted successfully, as in S3. */
export const deleteObject: BucketOperation = {
  name: "DeleteObject",
  category: "delete_obj",
  scope: "bucket",
  action: "s3:DeleteObject",

  async handle({ store, request, bucket }) {
    if (request.headers.has("if-match")) {
      throw new S3Error("NotImplemented", "Conditional deletion is not implemented.");
    }
    await removeObjects(store, bucket, [{ key: request.key }]);
    return { status: 204 };
  },
};
