import type { ChecksumAlgorithm } from "./checksums.ts";
import { type Queryable, sqlState } from "./database.ts";
import { noSuchBucket, S3Error } from "./errors.ts";
import type { BucketContext } from "./operation.ts";
import type { StoredChecksum } from "./versions.ts";

/**
 * Multipart uploads in the database. What two requests at once must not break is in functions there: see
 * migrations/0004_uploads.sql. What an upload's parts are is in parts.ts.
 *
 * Source: "Uploading and copying objects using multipart upload", Amazon S3 user guide.
 */
export type Upload = NewUpload & {
  id: string;
  initiatorDisplayName: string;
  createdAt: Date;
  /** Null while it is open. A completed upload stays as long as its object does. */
  completedAt: Date | null;
};

export type NewUpload = {
  key: string;
  headers: Record<string, string>;
  metadata: Record<string, string>;
  tags: Record<string, string>;
  /** What checksums its parts and its object have; null for none. */
  checksum: UploadChecksum | null;
  /** uid of the user that began it. */
  initiator: string;
};

export type UploadChecksum = { algorithm: ChecksumAlgorithm; type: StoredChecksum["type"] };

/** @returns the upload's id. @throws S3Error NoSuchBucket */
export async function createUpload(
  database: Queryable,
  bucket: { id: number; name: string },
  upload: NewUpload,
): Promise<string> {
  try {
    const { rows } = await database.query<{ id: string }>(
      "select s3.create_upload($1, $2, $3, $4, $5, $6, $7, $8) as id",
      [
        bucket.id,
        upload.key,
        upload.headers,
        upload.metadata,
        upload.tags,
        upload.checksum?.algorithm ?? null,
        upload.checksum?.type ?? null,
        upload.initiator,
      ],
    );
    return rows[0]?.id as string;
  } catch (error) {
    if (sqlState(error) !== "23503") throw error;
    throw noSuchBucket(bucket.name);
  }
}

/**
 * The open upload that a request names by its key and `uploadId`.
 *
 * @throws S3Error NoSuchUpload
 */
export async function requireOpenUpload({ store, request, bucket }: BucketContext): Promise<Upload> {
  const id = request.query.get("uploadId") ?? "";
  const upload = await findUpload(store.database, bucket.id, request.key, id);
  if (!upload || upload.completedAt) throw noSuchUpload(id);
  return upload;
}

/** An upload, open or completed; null where there is none of this id under this key. */
export async function findUpload(
  database: Queryable,
  bucketId: number,
  key: string,
  id: string,
): Promise<Upload | null> {
  return selectUpload(database, bucketId, key, id, "");
}

/** The same in a transaction, until whose end nobody adds a part, completes or aborts it. */
export async function lockUpload(
  client: Queryable,
  bucketId: number,
  key: string,
  id: string,
): Promise<Upload | null> {
  // The bucket first: see migrations/0004_uploads.sql.
  await client.query("select from s3.buckets where id = $1 for key share", [bucketId]);
  return selectUpload(client, bucketId, key, id, "for update");
}

async function selectUpload(
  database: Queryable,
  bucketId: number,
  key: string,
  id: string,
  lock: "" | "for update",
): Promise<Upload | null> {
  if (!isUploadId(id)) return null;
  const { rows } = await database.query(
    `select id, key, headers, metadata, tags, checksum_algorithm, checksum_type, initiator, created_at,
       completed_at,
       ${INITIATOR_DISPLAY_NAME}
     from s3.uploads up where id = $1 and bucket_id = $2 and key = $3 ${lock}`,
    [id, bucketId, key],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    id: row.id,
    key: row.key,
    headers: row.headers,
    metadata: row.metadata,
    tags: row.tags,
    checksum:
      row.checksum_algorithm === null ? null : { algorithm: row.checksum_algorithm, type: row.checksum_type },
    initiator: row.initiator,
    initiatorDisplayName: row.initiator_display_name,
    createdAt: row.created_at,
    completedAt: row.completed_at,
  };
}

/** Of the initiator of an upload `up`, for a query's select list. Its uid, where the user was removed meanwhile. */
export const INITIATOR_DISPLAY_NAME =
  "coalesce((select display_name from s3.users u where u.uid = up.initiator), up.initiator) as initiator_display_name";

/**
 * Closes an upload that the caller has locked: the parts that are not listed are removed, and the space of all is given
 * back. The object has to be put in the same transaction.
 *
 * @param numbers of the parts that make the object
 * @returns the files that are no longer needed
 */
export async function closeUpload(
  client: Queryable,
  bucketId: number,
  id: string,
  numbers: number[],
): Promise<string[]> {
  const { rows } = await client.query<{ unused_blobs: string[] }>(
    "select s3.close_upload($1, $2, $3) as unused_blobs",
    [bucketId, id, numbers],
  );
  return rows[0]?.unused_blobs ?? [];
}

/**
 * Aborts those of these uploads of a bucket that are open.
 *
 * @returns the ids of those that were, and the files that are no longer needed
 */
export async function abortUploads(
  database: Queryable,
  bucketId: number,
  ids: string[],
): Promise<{ aborted: string[]; unusedBlobs: string[] }> {
  const { rows } = await database.query<{ aborted: string[]; unused_blobs: string[] }>(
    "select * from s3.abort_uploads($1, $2)",
    [bucketId, ids],
  );
  return { aborted: rows[0]?.aborted ?? [], unusedBlobs: rows[0]?.unused_blobs ?? [] };
}

/** Whether a text is of the form that upload ids are given out in. */
export const isUploadId = (text: string) =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text);

export function noSuchUpload(id: string): S3Error {
  return new S3Error("NoSuchUpload", undefined, { details: { UploadId: id } });
}
