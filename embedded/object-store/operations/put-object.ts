import { createBodyWriter } from "../bodies.ts";
import { removeBlobs } from "../collector.ts";
import { mayHaveCommitted } from "../database.ts";
import { S3Error } from "../errors.ts";
import type { BucketContext, BucketOperation } from "../operation.ts";
import { findVersion, type NewVersion, putVersion } from "../versions.ts";
import { checkWriteCondition, readWriteCondition, type WriteCondition } from "./conditions.ts";
import { checksumHeaders, type ObjectHeaders, readObjectHeaders } from "./object-headers.ts";

const MAX_KEY_BYTES = 1024;

/**
 * PUT /bucket/key. Once it answers 200 the object outlives any crash: the body is on disk before its row commits.
 */
export const putObject: BucketOperation = {
  name: "PutObject",
  category: "put_obj",
  scope: "bucket",
  action: "s3:PutObject",
  headers: ["x-amz-acl", "x-amz-meta-", "x-amz-storage-class"],

  async handle(context) {
    const { store, request, bucket, body } = context;
    if (Buffer.byteLength(request.key) > MAX_KEY_BYTES) throw new S3Error("KeyTooLongError");
    const kept = readObjectHeaders(request.headers);
    const condition = readWriteCondition(request.headers);
    if (body.sizeBytes === undefined) throw new S3Error("MissingContentLength");
    if (condition.ifAbsent || condition.ifMatch !== null) {
      // Asked again when the object is committed. Here it spares the client a body that would be refused.
      const current = await findVersion(store.database, bucket.id, request.key);
      checkWriteCondition(condition, !current || current.isDeleteMarker ? null : current.etag);
    }

    const reservation = await store.reservations.reserve(bucket, {
      sizeBytes: body.sizeBytes,
      objectCount: 1,
    });
    try {
      const headers = await receiveAndStore(context, body.sizeBytes, condition, kept, reservation);
      store.reservations.settled(reservation);
      return { status: 200, headers };
    } catch (error) {
      await store.reservations.release(reservation);
      throw error;
    }
  },
};

/** @returns the headers of the answer */
async function receiveAndStore(
  { store, request, bucket, body }: BucketContext,
  sizeBytes: number,
  condition: WriteCondition,
  kept: ObjectHeaders,
  reservation: string | null,
): Promise<Record<string, string>> {
  const writer = await createBodyWriter(store, sizeBytes);
  try {
    const received = await body.receive((piece) => writer.write(piece));
    const version: NewVersion = {
      ...kept,
      ...(await writer.seal()),
      key: request.key,
      sizeBytes,
      etag: received.md5,
      checksum: received.checksum ? { ...received.checksum, type: "FULL_OBJECT" } : null,
      tags: {},
    };
    const { versionId, unusedBlobs } = await putVersion(
      store.database,
      bucket,
      version,
      condition,
      reservation,
    );
    await removeBlobs(store, unusedBlobs);
    return {
      etag: `"${version.etag}"`,
      ...checksumHeaders(version.checksum),
      ...(versionId === undefined ? {} : { "x-amz-version-id": versionId }),
    };
  } catch (error) {
    // If nobody knows whether the row is there, its file must stay: the collector finds out later.
    if (!mayHaveCommitted(error)) await writer.discard();
    throw error;
  }
}
