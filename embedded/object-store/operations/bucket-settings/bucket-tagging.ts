import { S3Error } from "../../errors.ts";
import type { BucketOperation } from "../../operation.ts";
import { MAX_BUCKET_TAGS, parseTagging, type Tags, taggingDocument } from "../../tags.ts";
import { updateBucket } from "./update-bucket.ts";

// 50 tags of the longest keys and values, and room to spare for how they are written.
const MAX_DOCUMENT_BYTES = 256 * 1024;

/** GET /bucket?tagging */
export const getBucketTagging: BucketOperation = {
  name: "GetBucketTagging",
  category: "get_bucket_tags",
  scope: "bucket",
  action: "s3:GetBucketTagging",
  parameters: ["tagging"],

  async handle({ store, bucket }) {
    const { rows } = await store.database.query<{ tags: Tags | null }>(
      "select tags from s3.buckets where id = $1",
      [bucket.id],
    );
    const tags = rows[0]?.tags;
    if (!tags) throw new S3Error("NoSuchTagSet", undefined, { details: { BucketName: bucket.name } });
    return { status: 200, body: taggingDocument(tags) };
  },
};

/** PUT /bucket?tagging: in place of all tags that there were. */
export const putBucketTagging: BucketOperation = {
  name: "PutBucketTagging",
  category: "put_bucket_tags",
  scope: "bucket",
  action: "s3:PutBucketTagging",
  parameters: ["tagging"],

  async handle({ store, bucket, body }) {
    const tags = parseTagging(await body.readAll(MAX_DOCUMENT_BYTES), MAX_BUCKET_TAGS);
    const isEmpty = Object.keys(tags).length === 0;
    await updateBucket(store.database, bucket, "tags", isEmpty ? null : tags);
    return { status: 204 };
  },
};

/** DELETE /bucket?tagging */
export const deleteBucketTagging: BucketOperation = {
  name: "DeleteBucketTagging",
  category: "delete_bucket_tags",
  scope: "bucket",
  action: "s3:PutBucketTagging",
  parameters: ["tagging"],

  async handle({ store, bucket }) {
    await updateBucket(store.database, bucket, "tags", null);
    return { status: 204 };
  },
};
