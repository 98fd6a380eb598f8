import { transaction } from "../../database.ts";
import { S3Error } from "../../errors.ts";
import { parseLifecycle } from "../../lifecycle/configuration.ts";
import { lifecycleElements } from "../../lifecycle/document.ts";
import type { Lifecycle } from "../../lifecycle/rules.ts";
import type { BucketContext, BucketOperation } from "../../operation.ts";
import { xmlDocument } from "../../xml.ts";
import { requireBodyDigest } from "../body-digest.ts";
import { updateBucket } from "./update-bucket.ts";

const MAX_DOCUMENT_BYTES = 1024 * 1024;
const MINIMUM_SIZE_HEADER = "x-amz-transition-default-minimum-object-size";
const MINIMUM_SIZES = ["all_storage_classes_128K", "varies_by_storage_class"];

/** GET /bucket?lifecycle: the rules as they were put. */
export const getBucketLifecycle: BucketOperation = {
  name: "GetBucketLifecycleConfiguration",
  category: "get_lifecycle",
  scope: "bucket",
  action: "s3:GetLifecycleConfiguration",
  parameters: ["lifecycle"],

  async handle({ bucket: { lifecycle, name } }) {
    if (!lifecycle) {
      throw new S3Error("NoSuchLifecycleConfiguration", undefined, { details: { BucketName: name } });
    }
    return {
      status: 200,
      headers: { [MINIMUM_SIZE_HEADER]: lifecycle.transitionDefaultMinimumObjectSize },
      body: xmlDocument("LifecycleConfiguration", lifecycleElements(lifecycle.rules)),
    };
  },
};

/** PUT /bucket?lifecycle: in place of all rules that there were. */
export const putBucketLifecycle: BucketOperation = {
  name: "PutBucketLifecycleConfiguration",
  category: "put_lifecycle",
  scope: "bucket",
  action: "s3:PutLifecycleConfiguration",
  parameters: ["lifecycle"],
  headers: [MINIMUM_SIZE_HEADER],

  async handle(context) {
    const { request, body } = context;
    requireBodyDigest(request.headers);
    const minimumSize = request.headers.get(MINIMUM_SIZE_HEADER) ?? "all_storage_classes_128K";
    if (!MINIMUM_SIZES.includes(minimumSize)) {
      throw new S3Error("InvalidRequest", `Invalid TransitionDefaultMinimumObjectSize found: ${minimumSize}`);
    }
    const rules = parseLifecycle(await body.readAll(MAX_DOCUMENT_BYTES));
    await storeLifecycle(context, { rules, transitionDefaultMinimumObjectSize: minimumSize });
    return { status: 200, headers: { [MINIMUM_SIZE_HEADER]: minimumSize } };
  },
};

/** DELETE /bucket?lifecycle. Once it is answered, nothing more expires. */
export const deleteBucketLifecycle: BucketOperation = {
  name: "DeleteBucketLifecycle",
  category: "delete_lifecycle",
  scope: "bucket",
  action: "s3:PutLifecycleConfiguration",
  parameters: ["lifecycle"],

  async handle(context) {
    await storeLifecycle(context, null);
    return { status: 204 };
  },
};

/** The walk that was under way ends at its next step, and the next one applies the new rules from the start. */
async function storeLifecycle({ store, bucket }: BucketContext, lifecycle: Lifecycle | null): Promise<void> {
  await transaction(store.database, async (client) => {
    await updateBucket(client, bucket, "lifecycle", lifecycle);
    await client.query("delete from s3.lifecycle_passes where bucket_id = $1", [bucket.id]);
  });
}
