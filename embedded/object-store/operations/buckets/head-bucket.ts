import type { BucketOperation } from "../../operation.ts";

/** HEAD /bucket: whether it exists and the caller may see it. */
export const headBucket: BucketOperation = {
  name: "HeadBucket",
  category: "stat_bucket",
  scope: "bucket",
  action: "s3:ListBucket",

  async handle({ store }) {
    return { status: 200, headers: { "x-amz-bucket-region": store.region } };
  },
};
