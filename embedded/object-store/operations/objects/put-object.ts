import type { Bucket } from "../../access.ts";
import { createBodyWriter, storeBody } from "../../bodies.ts";
import type { ReceivedBody } from "../../body.ts";
import { removeBlobs } from "../../collector.ts";
import { S3Error } from "../../errors.ts";
import { expirationHeader } from "../../lifecycle/headers.ts";
import type { BucketOperation, RequestBody } from "../../operation.ts";
import { readTaggingHeader } from "../../tags.ts";
import { findVersion, type NewVersion, putVersion } from "../../versions.ts";
import { checkWriteCondition, requireWriteCondition } from "./conditions.ts";
import { checksumHeaders } from "./object-checksum.ts";
import { readObjectHeaders } from "./object-headers.ts";
import { checkKey } from "./object-key.ts";

/**
 * PUT /bucket/key. Once it answers 200 the object outlives any crash: the body is on disk before its row commits.
 */
export const putObject: BucketOperation = {
  name: "PutObject",
  category: "put_obj",
  scope: "bucket",
  action: "s3:PutObject",
  headers: ["x-amz-acl", "x-amz-meta-", "x-amz-storage-class", "x-amz-tagging"],

  async handle(context) {
    const { store, request, bucket, body } = context;
    checkKey(request.key);
    const kept = { ...readObjectHeaders(request.headers), tags: readTaggingHeader(context) };
    const condition = requireWriteCondition(context);
    // A body in HTTP's own chunks says how large it was when it ends.
    const isSized = body.sizeBytes !== undefined;
    if (!isSized && !request.headers.has("transfer-encoding")) throw new S3Error("MissingContentLength");
    if (condition.ifNoneMatch !== null || condition.ifMatch !== null) {
      // Asked again when the object is committed. Here it spares the client a body that would be refused.
      const current = await findVersion(store.database, bucket.id, request.key);
      checkWriteCondition(condition, !current || current.isDeleteMarker ? null : current.etag);
    }

    const writer = createBodyWriter(store);
    const space = { sizeBytes: body.sizeBytes ?? 0, objectCount: 1 } as const;
    const reservation = await store.reservations.reserve(bucket, space);
    try {
      const reserved = (sizeBytes: number) => store.reservations.extend(reservation, bucket, sizeBytes);
      const { version, stored } = await storeBody(writer, async () => {
        const received = await (isSized
          ? body.receive(writer.write)
          : receiveUnsized(body, writer.write, reserved));
        const version: NewVersion = {
          ...kept,
          ...(await writer.seal()),
          key: request.key,
          sizeBytes: received.sizeBytes,
          etag: received.md5,
          checksum: received.checksum ? { ...received.checksum, type: "FULL_OBJECT" } : null,
        };
        return { version, stored: await putVersion(store.database, bucket, version, condition, reservation) };
      });
      store.reservations.settled(reservation);
      // Nobody waits for it: what is left, if the process ends now, is an orphan.
      void removeBlobs(store, stored.unusedBlobs);
      return { status: 200, headers: answerHeaders(bucket, version, stored) };
    } catch (error) {
      await store.reservations.release(reservation);
      throw error;
    }
  },
};

// Of a body that may be of any size, no more than this is kept before room is reserved for it.
const UNRESERVED_BYTES = 8 * 1024 * 1024;

/** @param reserve called for each stretch of the body before it is kept, the last one included */
async function receiveUnsized(
  body: RequestBody,
  write: (piece: Buffer) => Promise<void>,
  reserve: (sizeBytes: number) => Promise<void>,
): Promise<ReceivedBody> {
  let unreserved = 0;
  const received = await body.receive(async (piece) => {
    unreserved += piece.length;
    if (unreserved >= UNRESERVED_BYTES) {
      await reserve(unreserved);
      unreserved = 0;
    }
    await write(piece);
  });
  if (unreserved > 0) await reserve(unreserved);
  return received;
}

function answerHeaders(
  bucket: Bucket,
  version: NewVersion,
  { versionId, storedAt }: { versionId: string | undefined; storedAt: Date },
): Record<string, string> {
  return {
    etag: `"${version.etag}"`,
    ...checksumHeaders(version.checksum),
    ...(versionId === undefined ? {} : { "x-amz-version-id": versionId }),
    ...expirationHeader(bucket.lifecycle, { ...version, modifiedAt: storedAt }),
  };
}
