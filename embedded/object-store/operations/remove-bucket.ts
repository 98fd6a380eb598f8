import { removeBlobs } from "../collector.ts";
import { sqlState } from "../database.ts";
import { S3Error } from "../errors.ts";
import type { Store } from "../store.ts";

/**
 * Removes a bucket without objects, and the uploads that were never completed in it.
 *
 * @throws S3Error BucketNotEmpty, also where there are only older versions or delete markers
 */
export async function removeBucket(store: Store, bucketId: number): Promise<void> {
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

/** The uploads go by the cascade. A part that is uploaded at this moment leaves its file to the collector. */
const REMOVE = `
  with removed as (delete from s3.buckets where id = $1 returning id)
  select p.blob_id
  from removed
  join s3.uploads u on u.bucket_id = removed.id
  join s3.parts p on p.upload_id = u.id
  where p.blob_id is not null`;
