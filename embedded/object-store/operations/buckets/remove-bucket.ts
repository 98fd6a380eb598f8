import { removeBlobs } from "../../collector.ts";
import { sqlState } from "../../database.ts";
import { S3Error } from "../../errors.ts";
import type { Store } from "../../store.ts";
import { abortUploads } from "../../uploads.ts";

/** An upload may have 10,000 parts. */
const UPLOADS_AT_ONCE = 10;

/**
 * Removes a bucket without objects, and the uploads that were never completed in it. Those go some at a time, before it:
 * the parts of hundreds of uploads are too many for one statement.
 *
 * @throws S3Error BucketNotEmpty, also where there are only older versions or delete markers
 */
export async function removeBucket(store: Store, bucketId: number): Promise<void> {
  await abortAllUploads(store, bucketId);
  try {
    const { rows } = await store.database.query<{ blob_id: string }>(REMOVE, [bucketId]);
    await removeBlobs(
      store,
      rows.map(({ blob_id }) => blob_id),
    );
  } catch (error) {
    // The versions' foreign key. It also decides the race with an upload that commits at this moment.
    if (sqlState(error) === "23503" || sqlState(error) === "23001") throw new S3Error("BucketNotEmpty");
    throw error;
  }
}

/** Unless the bucket holds anything that will keep it from being removed. @throws S3Error BucketNotEmpty */
async function abortAllUploads({ database, ...store }: Store, bucketId: number): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ not_empty: boolean; uploads: string[] }>(SOME_UPLOADS, [
      bucketId,
      UPLOADS_AT_ONCE,
    ]);
    const { not_empty, uploads = [] } = rows[0] ?? {};
    if (not_empty) throw new S3Error("BucketNotEmpty");
    if (uploads.length === 0) return;
    const { unusedBlobs } = await abortUploads(database, bucketId, uploads);
    await removeBlobs(store, unusedBlobs);
  }
}

const SOME_UPLOADS = `
  select exists (select from s3.object_versions where bucket_id = $1) as not_empty,
    array(select id from s3.uploads where bucket_id = $1 and completed_at is null limit $2) as uploads`;

/** Uploads that were begun meanwhile go by the cascade. A part that is uploaded at this moment leaves its file to the collector. */
const REMOVE = `
  with removed as (delete from s3.buckets where id = $1 returning id)
  select p.blob_id
  from removed
  join s3.uploads u on u.bucket_id = removed.id
  join s3.parts p on p.upload_id = u.id
  where p.blob_id is not null`;
