import { sqlState } from "../database.ts";
import { S3Error } from "../errors.ts";
import type { BucketOperation } from "../operation.ts";

/** DELETE /bucket, if it is empty. */
export const deleteBucket: BucketOperation = {
  name: "DeleteBucket",
  category: "delete_bucket",
  scope: "bucket",
  action: "s3:DeleteBucket",

  async handle({ store, bucket }) {
    try {
      await store.database.query("delete from s3.buckets where id = $1", [bucket.id]);
    } catch (error) {
      // The objects' foreign key. It also decides the race with an upload that commits at this moment.
      if (sqlState(error) === "23503" || sqlState(error) === "23001") throw new S3Error("BucketNotEmpty");
      throw error;
    }
    return { status: 204 };
  },
};
