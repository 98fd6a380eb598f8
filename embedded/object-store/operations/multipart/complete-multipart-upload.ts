import type { PoolClient } from "pg";
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm, checksumHeader } from "../../checksums.ts";
import { removeBlobs } from "../../collector.ts";
import { transaction } from "../../database.ts";
import { S3Error } from "../../errors.ts";
import { expirationHeader } from "../../lifecycle/headers.ts";
import type { BucketContext, BucketOperation, Reply } from "../../operation.ts";
import { listParts, MAX_PARTS } from "../../parts.ts";
import { type S3Request, uriEncode } from "../../request.ts";
import { closeUpload, findUpload, lockUpload, noSuchUpload, type Upload } from "../../uploads.ts";
import { putVersion, type StoredChecksum, type WriteCondition } from "../../versions.ts";
import { childElements, childText, parseXml, type XmlElements, xmlDocument } from "../../xml.ts";
import { readEtag, requireWriteCondition } from "../objects/conditions.ts";
import { checksumElements } from "../objects/object-checksum.ts";
import { assembleObject, type ExpectedObject, type ListedPart } from "./assemble-object.ts";

const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/**
 * POST /bucket/key?uploadId: makes an object of the parts that are listed; the others are freed. No byte is copied: the
 * parts stay the files that they are, and the object refers to its upload.
 *
 * All of it is one transaction. Of several requests at once one makes the object, and the others, like one that is
 * repeated because its answer was lost, hear of the same object as long as it is there.
 */
export const completeMultipartUpload: BucketOperation = {
  name: "CompleteMultipartUpload",
  category: "complete_multipart",
  scope: "bucket",
  action: "s3:PutObject",
  parameters: ["uploadId"],
  headers: ["x-amz-checksum-type", "x-amz-mp-object-size"],
  checksumsObject: true,

  async handle(context) {
    const { store, request, bucket, body } = context;
    const wish: Wish = {
      condition: requireWriteCondition(context),
      expected: readExpectedObject(request.headers),
      listed: readListedParts(await body.readAll(MAX_DOCUMENT_BYTES)),
    };
    const uploadId = request.query.get("uploadId") ?? "";
    const upload = await findUpload(store.database, bucket.id, request.key, uploadId);
    if (!upload) throw noSuchUpload(uploadId);
    // Its bytes are counted already, and a repetition adds no object.
    const reservation = upload.completedAt
      ? null
      : await store.reservations.reserve(bucket, { sizeBytes: 0, objectCount: 1 });
    try {
      const { object, unusedBlobs, repeated } = await transaction(store.database, (client) =>
        complete(client, context, uploadId, wish, reservation),
      );
      if (repeated) await store.reservations.release(reservation);
      else store.reservations.settled(reservation);
      await removeBlobs(store, unusedBlobs);
      return reply(context, object);
    } catch (error) {
      await store.reservations.release(reservation);
      throw error;
    }
  },
};

type Wish = { listed: ListedPart[]; expected: ExpectedObject; condition: WriteCondition };
type CompletedObject = {
  etag: string;
  checksum: StoredChecksum | null;
  versionId: string | undefined;
  /** `x-amz-expiration`, where a lifecycle rule holds for it. */
  expiration?: Record<string, string>;
};

async function complete(
  client: PoolClient,
  { request, bucket }: BucketContext,
  uploadId: string,
  { listed, expected, condition }: Wish,
  reservation: string | null,
): Promise<{ object: CompletedObject; unusedBlobs: string[]; repeated: boolean }> {
  const upload = await lockUpload(client, bucket.id, request.key, uploadId);
  if (!upload) throw noSuchUpload(uploadId);
  const kept = await listParts(client, upload.id);
  const assembled = assembleObject(upload, kept, listed, expected);
  if (upload.completedAt) {
    const versionId = await findCompletedVersion(client, upload, assembled.etag);
    return { object: { ...assembled, versionId }, unusedBlobs: [], repeated: true };
  }
  const unlisted = await closeUpload(
    client,
    bucket.id,
    upload.id,
    listed.map(({ number }) => number),
  );
  const version = {
    ...assembled,
    key: upload.key,
    headers: upload.headers,
    metadata: upload.metadata,
    tags: upload.tags,
    body: null,
    blobId: null,
    uploadId: upload.id,
  };
  const stored = await putVersion(client, bucket, version, condition, reservation);
  const expiration = expirationHeader(bucket.lifecycle, { ...version, modifiedAt: stored.storedAt });
  return {
    object: { ...assembled, versionId: stored.versionId, expiration },
    unusedBlobs: [...unlisted, ...stored.unusedBlobs],
    repeated: false,
  };
}

/**
 * @param etag of what the parts that are listed now would make
 * @throws S3Error NoSuchUpload where the upload has become another object
 */
async function findCompletedVersion(
  client: PoolClient,
  upload: Upload,
  etag: string,
): Promise<string | undefined> {
  const { rows } = await client.query<{ version_id: string | null }>(
    "select version_id from s3.object_versions where upload_id = $1 and etag = $2",
    [upload.id, etag],
  );
  if (!rows[0]) throw noSuchUpload(upload.id);
  return rows[0].version_id ?? undefined;
}

function reply({ request, bucket }: BucketContext, object: CompletedObject): Reply {
  return {
    status: 200,
    headers: {
      ...(object.versionId === undefined ? {} : { "x-amz-version-id": object.versionId }),
      ...object.expiration,
    },
    body: xmlDocument("CompleteMultipartUploadResult", {
      Location: locationOf(request),
      Bucket: bucket.name,
      Key: request.key,
      ETag: `"${object.etag}"`,
      ...checksumElements(object.checksum),
    }),
  };
}

/** The object's address as the client reached it. Who forges the header that a proxy sets misleads only themselves. */
function locationOf({ headers, bucket, key }: S3Request): string {
  const protocol = headers.get("x-forwarded-proto") === "https" ? "https" : "http";
  return `${protocol}://${headers.get("host") ?? ""}/${bucket}/${uriEncode(key).replaceAll("%2F", "/")}`;
}

/**
 * A part that is listed twice in a row, as a client does that sent it twice, counts as it is listed last.
 *
 * @throws S3Error MalformedXML
 */
function readListedParts(document: Buffer): ListedPart[] {
  const parts = childElements(parseXml(document, "CompleteMultipartUpload"), "Part");
  if (parts.length === 0 || parts.length > MAX_PARTS) throw new S3Error("MalformedXML");
  const listed = parts.map((part) => {
    const number = childText(part, "PartNumber")?.trim() ?? "";
    const etag = childText(part, "ETag");
    if (!/^\d{1,9}$/.test(number) || etag === undefined) throw new S3Error("MalformedXML");
    return { number: Number(number), etag: readEtag(etag), checksums: readPartChecksums(part) };
  });
  return listed.filter(({ number }, index) => number !== listed[index + 1]?.number);
}

function readPartChecksums(part: XmlElements): ListedPart["checksums"] {
  return pickChecksums((algorithm) => childText(part, `Checksum${algorithm}`)?.trim());
}

/** @throws S3Error InvalidRequest */
function readExpectedObject(headers: Map<string, string>): ExpectedObject {
  const size = headers.get("x-amz-mp-object-size");
  if (size !== undefined && !/^\d{1,15}$/.test(size)) {
    throw new S3Error("InvalidRequest", "Value for x-amz-mp-object-size header is invalid.");
  }
  return {
    sizeBytes: size === undefined ? undefined : Number(size),
    checksums: pickChecksums((algorithm) => headers.get(checksumHeader(algorithm))),
    checksumType: headers.get("x-amz-checksum-type"),
  };
}

function pickChecksums(find: (algorithm: ChecksumAlgorithm) => string | undefined): ListedPart["checksums"] {
  const found = CHECKSUM_ALGORITHMS.map((algorithm) => [algorithm, find(algorithm)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}
