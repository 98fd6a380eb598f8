import type { BucketOperation } from "../../operation.ts";
import { removeBucket } from "./remove-bucket.ts";

/** DELETE /bucket, if it is empty. Uploads that were never completed go with it, as in S3. */
export const deleteBucket: BucketOperation = {
  name: "DeleteBucket",
  category: "delete_bucket",
  scope: "bucket",
  action: "s3:DeleteBucket",

  async handle({ store, bucket }) {
    await removeBucket(store, bucket.id);
    return { status: 204 };
  },
};
