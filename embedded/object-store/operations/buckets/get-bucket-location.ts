import type { BucketOperation } from "../../operation.ts";
import { xmlDocument } from "../../xml.ts";

/** GET /bucket?location. Amazon's first region is named by an empty element. */
export const getBucketLocation: BucketOperation = {
  name: "GetBucketLocation",
  category: "get_bucket_location",
  scope: "bucket",
  action: "s3:GetBucketLocation",
  parameters: ["location"],

  async handle({ store }) {
    const location = store.region === "us-east-1" ? "" : store.region;
    return { status: 200, body: xmlDocument("LocationConstraint", location) };
  },
};
