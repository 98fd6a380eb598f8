import pg from "pg";

/** Of an object's content: a body so small stands in the row, so that no files are to be made. */
const CONTENT = Buffer.from("0123456789abcdef".repeat(4));

export interface ManyObjects {
  tenant: string;
  bucket: string;
  /** Keys, `0000/0000000` in order, in {@link FOLDERS} folders; or in one for each `perFolder` of them. */
  count: number;
  perFolder?: number;
  /** Before every key, such as `logs/`. */
  prefix?: string;
  /** Noncurrent versions of each key; the bucket's versioning must be enabled. */
  olderVersions?: number;
  /** Of every so many keys one has a delete marker as its current version; the bucket's versioning must be enabled. */
  markerEach?: number;
}

/** Folders that keys stand in whatever their number: more than a page shows. */
const FOLDERS = 2_000;

/**
 * Fills a bucket of an embedded store by its tables, since a million uploads would take an hour. What is there then is
 * what uploads would have left, counters included: the scrub finds nothing wrong with it.
 *
 * @param databaseUrl of the store's database
 * @returns how many versions, delete markers and bytes were added
 */
export async function putManyObjects(
  databaseUrl: string,
  { tenant, bucket, count, perFolder, prefix = "", olderVersions = 0, markerEach = 0 }: ManyObjects,
): Promise<{ versions: number; markers: number; bytes: number }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const isVersioned = olderVersions > 0 || markerEach > 0;
    const folder = perFolder ? `i / ${perFolder}` : `i * ${FOLDERS} / ${count}`;
    await client.query("begin");
    const { rows } = await client.query<{ current: number; noncurrent: number; markers: number }>(
      `with target as (select id from s3.buckets where tenant = $1 and name = $2),
       given as (
         select i, age, $3 || lpad((${folder})::text, 4, '0') || '/' || lpad(i::text, 7, '0') as key,
           $4 > 0 and i % greatest($4, 1) = 0 as is_deleted
         from generate_series(0::bigint, $5 - 1) i, generate_series(0, $6 + 1) age
       ),
       made as (
         insert into s3.object_versions
           (bucket_id, key, version_id, is_delete_marker, noncurrent_at, size_bytes, etag, body, modified_at)
         select target.id, key, case when $7 then gen_random_uuid() end, age = 0,
           case when age > 1 or (age = 1 and is_deleted) then now() - age * interval '1 minute' end,
           case when age = 0 then 0 else $8 end,
           case when age <> 0 then md5($9::bytea) end,
           case when age <> 0 then $9::bytea end,
           now() - (age + 1) * interval '1 minute'
         from given, target
         -- Age 0 is the delete marker of those that are deleted; the newest has the greatest id.
         where age > 0 or is_deleted
         order by age desc, hashint8(i)
         returning is_delete_marker, noncurrent_at is null as is_current
       ),
       counted as (
         select count(*) filter (where not is_delete_marker and is_current) as current,
           count(*) filter (where not is_delete_marker and not is_current) as noncurrent,
           count(*) filter (where is_delete_marker) as markers
         from made
       ),
       noted as (
         insert into s3.space_entries (bucket_id, current_bytes, current_count, noncurrent_bytes, noncurrent_count,
           delete_marker_count)
         select target.id, current * $8, current, noncurrent * $8, noncurrent, markers from counted, target
         returning 1
       )
       select current::int, noncurrent::int, markers::int from counted, noted`,
      [tenant, bucket, prefix, markerEach, count, olderVersions, isVersioned, CONTENT.length, CONTENT],
    );
    await client.query("commit");
    await client.query("vacuum analyze s3.object_versions");
    const made = rows[0];
    if (!made) throw new Error(`the store has no bucket ${bucket} of ${tenant}`);
    const versions = made.current + made.noncurrent;
    return { versions, markers: made.markers, bytes: versions * CONTENT.length };
  } finally {
    await client.end();
  }
}
