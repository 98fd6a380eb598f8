import type { PoolClient } from "pg";
import type { ReceivedBody } from "../body.ts";
import { checksumHeader } from "../checksums.ts";
import { removeBlobs } from "../collector.ts";
import { mayHaveCommitted, type Queryable, sqlState, transaction } from "../database.ts";
import { S3Error } from "../errors.ts";
import type { BucketContext, BucketOperation } from "../operation.ts";
import { checkWriteCondition, readWriteCondition, type WriteCondition } from "./conditions.ts";
import { type ObjectHeaders, readObjectHeaders } from "./object-headers.ts";

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
      checkWriteCondition(condition, await currentEtag(store.database, context));
    }

    const reservation = await store.reservations.reserve(bucket, body.sizeBytes);
    try {
      const received = await receiveAndCommit(context, condition, kept, reservation);
      store.reservations.settled(reservation);
      return { status: 200, headers: answerHeaders(received) };
    } catch (error) {
      await store.reservations.release(reservation);
      throw error;
    }
  },
};

async function receiveAndCommit(
  context: BucketContext,
  condition: WriteCondition,
  kept: ObjectHeaders,
  reservation: string | null,
): Promise<ReceivedBody> {
  const { store, body } = context;
  const blob = body.sizeBytes === 0 ? null : await store.blobs.create();
  try {
    const received = await body.receive(async (piece) => blob?.write(piece));
    await blob?.seal();
    const object = { kept, received, blobId: blob?.id ?? null, reservation };
    const replaced = await commitObject(context, condition, object);
    if (replaced !== null) await removeBlobs(store, [replaced]);
    return received;
  } catch (error) {
    // If nobody knows whether the row is there, its file must stay: the collector finds out later.
    if (!mayHaveCommitted(error)) await blob?.discard();
    throw error;
  }
}

function answerHeaders({ md5, checksum }: ReceivedBody): Record<string, string> {
  const etag = `"${md5}"`;
  if (!checksum) return { etag };
  return { etag, [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": "FULL_OBJECT" };
}

async function currentEtag(
  database: Queryable,
  { bucket, request }: BucketContext,
  lock = false,
): Promise<string | null> {
  const { rows } = await database.query<{ etag: string }>(
    `select etag from s3.objects where bucket_id = $1 and key = $2${lock ? " for update" : ""}`,
    [bucket.id, request.key],
  );
  return rows[0]?.etag ?? null;
}

type NewObject = {
  kept: ObjectHeaders;
  received: ReceivedBody;
  blobId: string | null;
  reservation: string | null;
};

/**
 * Makes the object visible in place of the one that was there.
 *
 * @returns the blob that was replaced, if any
 * @throws S3Error PreconditionFailed, NoSuchKey, NoSuchBucket
 */
async function commitObject(
  context: BucketContext,
  condition: WriteCondition,
  object: NewObject,
): Promise<string | null> {
  const { store, bucket } = context;
  try {
    if (condition.ifMatch === null) return await writeRow(store.database, context, condition, object);
    // The lock keeps the object that was compared until it is replaced.
    return await transaction(store.database, async (client: PoolClient) => {
      checkWriteCondition(condition, await currentEtag(client, context, true));
      return writeRow(client, context, condition, object);
    });
  } catch (error) {
    if (sqlState(error) === "23503") {
      throw new S3Error("NoSuchBucket", undefined, { details: { BucketName: bucket.name } });
    }
    throw error;
  }
}

async function writeRow(
  database: Queryable,
  { bucket, request }: BucketContext,
  condition: WriteCondition,
  { kept, received, blobId, reservation }: NewObject,
): Promise<string | null> {
  const { rows } = await database.query<{ replaced: string | null }>(WRITE_ROW, [
    bucket.id,
    request.key,
    blobId,
    received.sizeBytes,
    received.md5,
    received.checksum?.algorithm ?? null,
    received.checksum?.value ?? null,
    kept.headers,
    kept.metadata,
    condition.ifAbsent,
    reservation,
  ]);
  // Only a conflict that was not to be resolved leaves no row.
  if (!rows[0]) throw new S3Error("PreconditionFailed");
  return rows[0].replaced;
}

/** The row, the space it really took, and the end of its reservation: one statement, one commit. */
const WRITE_ROW = `
  with written as (
    insert into s3.objects (bucket_id, key, blob_id, size_bytes, etag, checksum_algorithm, checksum_value,
      headers, metadata, modified_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, date_trunc('milliseconds', clock_timestamp()))
    on conflict (bucket_id, key) do update set
      blob_id = excluded.blob_id, size_bytes = excluded.size_bytes, etag = excluded.etag,
      checksum_algorithm = excluded.checksum_algorithm, checksum_value = excluded.checksum_value,
      headers = excluded.headers, metadata = excluded.metadata, modified_at = excluded.modified_at
    where not $10
    returning bucket_id, size_bytes, old.id as old_id, old.blob_id as replaced, old.size_bytes as replaced_bytes
  ),
  settled as (
    insert into s3.space_entries (bucket_id, size_bytes, object_count)
    select bucket_id, size_bytes - coalesce(replaced_bytes, 0), case when old_id is null then 1 else 0 end
    from written
  ),
  released as (
    delete from s3.space_entries where id = $11 and reserved and exists (select from written)
  )
  select replaced from written`;
