import { removeBlobs } from "../collector.ts";
import type { Store } from "../store.ts";

/** Deletes the objects that exist among these keys, and their files once that is committed. */
export async function removeObjects(store: Store, bucketId: number, keys: string[]): Promise<void> {
  const { rows } = await store.database.query<{ blob_id: string | null }>(REMOVE, [bucketId, keys]);
  await removeBlobs(
    store,
    rows.flatMap(({ blob_id }) => (blob_id === null ? [] : [blob_id])),
  );
}

/** Locked in the order of their ids, so that two deletions of the same keys cannot wait for each other. */
const REMOVE = `
  with doomed as (
    select id from s3.objects where bucket_id = $1 and key = any($2::text[]) order by id for update
  ),
  removed as (
    delete from s3.objects where id in (select id from doomed) returning bucket_id, blob_id, size_bytes
  ),
  settled as (
    insert into s3.space_entries (bucket_id, size_bytes, object_count)
    select bucket_id, -sum(size_bytes)::bigint, -count(*) from removed group by bucket_id
  )
  select blob_id from removed`;
