import type { BucketContext, BucketOperation } from "../../operation.ts";
import { MAX_OBJECT_TAGS, parseTagging, type Tags, taggingDocument } from "../../tags.ts";
import type { Version } from "../../versions.ts";
import { requireVersion } from "./require-version.ts";

// 10 tags of the longest keys and values, and room to spare for how they are written.
const MAX_DOCUMENT_BYTES = 64 * 1024;

/** GET /bucket/key?tagging. An object without tags has an empty set of them. */
export const getObjectTagging: BucketOperation = {
  name: "GetObjectTagging",
  category: "get_obj_tags",
  scope: "bucket",
  action: "s3:GetObjectTagging",
  versionAction: "s3:GetObjectVersionTagging",
  parameters: ["tagging", "versionId"],

  async handle(context) {
    const version = await requireVersion(context);
    return { status: 200, headers: versionHeader(context, version), body: taggingDocument(version.tags) };
  },
};

/** PUT /bucket/key?tagging: in place of all tags that there were. */
export const putObjectTagging: BucketOperation = {
  name: "PutObjectTagging",
  category: "put_obj_tags",
  scope: "bucket",
  action: "s3:PutObjectTagging",
  versionAction: "s3:PutObjectVersionTagging",
  parameters: ["tagging", "versionId"],

  async handle(context) {
    const tags = parseTagging(await context.body.readAll(MAX_DOCUMENT_BYTES), MAX_OBJECT_TAGS);
    return { status: 200, headers: versionHeader(context, await setTags(context, tags)) };
  },
};

/** DELETE /bucket/key?tagging */
export const deleteObjectTagging: BucketOperation = {
  name: "DeleteObjectTagging",
  category: "delete_obj_tags",
  scope: "bucket",
  action: "s3:DeleteObjectTagging",
  versionAction: "s3:DeleteObjectVersionTagging",
  parameters: ["tagging", "versionId"],

  async handle(context) {
    return { status: 204, headers: versionHeader(context, await setTags(context, {})) };
  },
};

/** The version that was given these tags. They change in their place: no new version, no other date. */
async function setTags(context: BucketContext, tags: Tags): Promise<Version> {
  for (;;) {
    const version = await requireVersion(context);
    const { rowCount } = await context.store.database.query(
      "update s3.object_versions set tags = $2 where id = $1",
      [version.id, tags],
    );
    // An overwrite or a deletion came between. What is there now is to be found again.
    if (rowCount === 1) return version;
  }
}

function versionHeader({ bucket }: BucketContext, version: Version): Record<string, string> {
  return bucket.versioning === null ? {} : { "x-amz-version-id": version.versionId };
}
