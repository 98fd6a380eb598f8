import type { Pool } from "pg";

/**
 * The space that a bucket's objects take, by kind: counters in `s3.buckets`, and beside them the changes since they were
 * last added up, in `s3.space_entries`.
 */

/** The columns that s3.buckets and s3.space_entries share. */
export const SPACE_COLUMNS = [
  "current_bytes",
  "current_count",
  "noncurrent_bytes",
  "noncurrent_count",
  "delete_marker_count",
  "upload_bytes",
  "upload_part_count",
];

/**
 * Adds the settled entries to their buckets' counters and removes them. Readers see either both or neither, since a
 * bucket's size is always read as counter plus entries in one statement.
 *
 * Buckets are locked before their entries, in the order in which deleting a bucket does it; a bucket that is busy
 * waits for the next time.
 */
export async function foldSpaceEntries(database: Pool): Promise<void> {
  await database.query(`
    with buckets as (
      select id from s3.buckets b
      where exists (select from s3.space_entries e where e.bucket_id = b.id and not e.reserved)
      for no key update skip locked
    ),
    folded as (
      delete from s3.space_entries where not reserved and bucket_id in (select id from buckets)
      returning bucket_id, ${SPACE_COLUMNS.join(", ")}
    ),
    changes as (
      select bucket_id, ${SPACE_COLUMNS.map((column) => `sum(${column})::bigint as ${column}`).join(", ")}
      from folded group by bucket_id
    )
    update s3.buckets b
    set ${SPACE_COLUMNS.map((column) => `${column} = b.${column} + c.${column}`).join(", ")}
    from changes c where c.bucket_id = b.id`);
}

/**
 * What a bucket `b` takes: its counters and its settled entries, of one moment. For a query's select list and its
 * joins.
 */
export const SPACE = {
  columns: SPACE_COLUMNS.map((column) => `b.${column} + coalesce(e.${column}, 0)::bigint as ${column}`).join(
    ", ",
  ),
  join: `left join lateral (
    select ${SPACE_COLUMNS.map((column) => `sum(${column}) as ${column}`).join(", ")}
    from s3.space_entries where bucket_id = b.id and not reserved
  ) e on true`,
};
