import { S3Error } from "../../errors.ts";
import type { BucketOperation } from "../../operation.ts";
import { childText, expectOnly, parseXml, xmlDocument } from "../../xml.ts";
import { updateBucket } from "./update-bucket.ts";

const MAX_DOCUMENT_BYTES = 64 * 1024;

/** GET /bucket?versioning. A bucket that never kept versions answers an empty element. */
export const getBucketVersioning: BucketOperation = {
  name: "GetBucketVersioning",
  category: "get_bucket_versioning",
  scope: "bucket",
  action: "s3:GetBucketVersioning",
  parameters: ["versioning"],

  async handle({ bucket }) {
    const Status = bucket.versioning ?? undefined;
    return { status: 200, body: xmlDocument("VersioningConfiguration", { Status }) };
  },
};

/** PUT /bucket?versioning: Enabled or Suspended, and never back to what it was before the first of these. */
export const putBucketVersioning: BucketOperation = {
  name: "PutBucketVersioning",
  category: "set_bucket_versioning",
  scope: "bucket",
  action: "s3:PutBucketVersioning",
  parameters: ["versioning"],

  async handle({ store, bucket, body }) {
    const configuration = parseXml(await body.readAll(MAX_DOCUMENT_BYTES), "VersioningConfiguration");
    expectOnly(configuration, ["Status", "MfaDelete"]);
    if ("MfaDelete" in configuration && childText(configuration, "MfaDelete") !== "Disabled") {
      throw new S3Error("NotImplemented", "MFA delete is not implemented.");
    }
    if (!("Status" in configuration)) throw new S3Error("IllegalVersioningConfigurationException");
    const status = childText(configuration, "Status");
    if (status !== "Enabled" && status !== "Suspended") throw new S3Error("MalformedXML");
    await updateBucket(store.database, bucket, "versioning", status);
    return { status: 200 };
  },
};
