import { isAllowed } from "../../access.ts";
import { createBodyWriter, storeBody } from "../../bodies.ts";
import { removeBlobs } from "../../collector.ts";
import { S3Error } from "../../errors.ts";
import { expirationHeader } from "../../lifecycle/headers.ts";
import type { BucketContext, BucketOperation, Reply } from "../../operation.ts";
import { readTaggingHeader } from "../../tags.ts";
import { type NewVersion, putVersion, type WriteCondition } from "../../versions.ts";
import { xmlDocument } from "../../xml.ts";
import { requireWriteCondition } from "./conditions.ts";
import { copyBody } from "./copy-body.ts";
import { copyFromSource } from "./copy-from-source.ts";
import { COPY_SOURCE_HEADERS, type CopySource, copiedVersionHeader } from "./copy-source.ts";
import { checksumElements, readChecksumAlgorithm } from "./object-checksum.ts";
import { readObjectHeaders } from "./object-headers.ts";
import { checkKey } from "./object-key.ts";

/**
 * PUT /bucket/key with x-amz-copy-source: up to 5 GiB, with the source's metadata and tags or others.
 *
 * The copy is in one piece, whatever its source was: its ETag is the MD5 of its body, and its checksum of the whole.
 */
export const copyObject: BucketOperation = {
  name: "CopyObject",
  category: "copy_obj",
  scope: "bucket",
  action: "s3:PutObject",
  headers: [
    ...COPY_SOURCE_HEADERS,
    "x-amz-acl",
    "x-amz-checksum-algorithm",
    "x-amz-meta-",
    "x-amz-metadata-directive",
    "x-amz-storage-class",
    "x-amz-tagging",
    "x-amz-tagging-directive",
  ],
  slow: true,

  async handle(context) {
    const { request } = context;
    checkKey(request.key);
    const condition = requireWriteCondition(context);
    return copyFromSource(context, 1, (source) => {
      const kept = readKept(context, source);
      return {
        sizeBytes: source.version.sizeBytes,
        run: (reservation) => copy(context, source, kept, condition, reservation),
      };
    });
  },
};

type Kept = Pick<NewVersion, "headers" | "metadata" | "tags">;

/** @returns null where the source's body is gone since it was looked up */
async function copy(
  { store, request, bucket }: BucketContext,
  source: CopySource,
  kept: Kept,
  condition: WriteCondition,
  reservation: string | null,
): Promise<Reply | null> {
  const { sizeBytes, checksum } = source.version;
  const algorithm = readChecksumAlgorithm(request.headers) ?? checksum?.algorithm;
  const writer = createBodyWriter(store);
  const done = await storeBody(writer, async () => {
    const whole = { first: 0, last: sizeBytes - 1 };
    const copied = await copyBody(store, source.version, whole, algorithm, writer);
    if (!copied) {
      await writer.discard();
      return null;
    }
    const version: NewVersion = {
      ...kept,
      ...(await writer.seal()),
      key: request.key,
      sizeBytes,
      etag: copied.md5,
      checksum: copied.checksum ? { ...copied.checksum, type: "FULL_OBJECT" } : null,
    };
    return { version, ...(await putVersion(store.database, bucket, version, condition, reservation)) };
  });
  if (!done) return null;
  const { version, versionId, storedAt, unusedBlobs } = done;
  await removeBlobs(store, unusedBlobs);
  return {
    status: 200,
    headers: {
      ...copiedVersionHeader(source),
      ...(versionId === undefined ? {} : { "x-amz-version-id": versionId }),
      ...expirationHeader(bucket.lifecycle, { ...version, modifiedAt: storedAt }),
    },
    body: xmlDocument("CopyObjectResult", {
      LastModified: storedAt.toISOString(),
      ETag: `"${version.etag}"`,
      ...checksumElements(version.checksum),
    }),
  };
}

/** What the copy keeps beside its body. @throws S3Error InvalidArgument, InvalidRequest, AccessDenied, … */
function readKept(context: BucketContext, source: CopySource): Kept {
  const { headers } = context.request;
  const given = readObjectHeaders(headers);
  const replacesMetadata = readDirective(headers, "metadata") === "REPLACE";
  const replacesTags = readDirective(headers, "tagging") === "REPLACE";
  const changes =
    replacesMetadata ||
    replacesTags ||
    headers.has("x-amz-storage-class") ||
    headers.has("x-amz-checksum-algorithm");
  if (!changes && !source.byId && isSameObject(context, source)) {
    throw new S3Error(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const { metadata } = source.version;
  return {
    ...(replacesMetadata ? given : { headers: source.version.headers, metadata }),
    tags: replacesTags ? readTaggingHeader(context) : copiedTags(context, source),
  };
}

function readDirective(headers: Map<string, string>, what: "metadata" | "tagging"): "COPY" | "REPLACE" {
  const given = headers.get(`x-amz-${what}-directive`) ?? "COPY";
  if (given === "COPY" || given === "REPLACE") return given;
  throw new S3Error("InvalidArgument", `Unknown ${what} directive.`, {
    details: { ArgumentName: `x-amz-${what}-directive`, ArgumentValue: given },
  });
}

const isSameObject = ({ request, bucket }: BucketContext, source: CopySource) =>
  source.bucket.id === bucket.id && source.version.key === request.key;

/** To copy tags is to read and to put them. */
function copiedTags({ caller, bucket, request }: BucketContext, source: CopySource): Record<string, string> {
  const { key, tags } = source.version;
  const read = source.byId ? "s3:GetObjectVersionTagging" : "s3:GetObjectTagging";
  const mayCopy =
    isAllowed(caller, source.bucket, read, key) &&
    isAllowed(caller, bucket, "s3:PutObjectTagging", request.key);
  if (Object.keys(tags).length > 0 && !mayCopy) throw new S3Error("AccessDenied");
  return tags;
}
