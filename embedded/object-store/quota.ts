import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import type { Bucket } from "./access.ts";
import { S3Error } from "./errors.ts";

/**
 * Quotas, enforced when a write begins: its space is reserved before its body is read, so that uploads at once can
 * never take more together than there is. As in the Ceph Object Gateway, an overwrite needs room for the new object
 * beside the old one.
 */
export type SpaceReservations = {
  /**
   * Reserves room for an object, or for a part of an upload, which is none yet.
   *
   * @returns the reservation's id, for the statement that commits the object to settle; null where no quota holds
   * @throws S3Error QuotaExceeded, NoSuchBucket
   */
  reserve(bucket: Bucket, space: { sizeBytes: number; objectCount: 0 | 1 }): Promise<string | null>;
  /** Forgets a reservation that the object's own statement has settled. */
  settled(reservation: string | null): void;
  /** Gives back what a failed upload had reserved. Should that fail too, clearAbandoned does it later. */
  release(reservation: string | null): Promise<void>;
  /** Removes the reservations of uploads that no longer run: a killed process's, or ones the database missed. */
  clearAbandoned(): Promise<void>;
};

export function createSpaceReservations(database: Pool): SpaceReservations {
  // Ids of uploads that run in this process, the only one there is.
  const running = new Set<string>();

  const reserve: SpaceReservations["reserve"] = async (bucket, space) => {
    if (!bucket.hasQuota) return null;
    const id = randomUUID();
    running.add(id);
    try {
      const { rows } = await database.query<{ fits: boolean | null }>(
        "select s3.reserve_space($1, $2, $3, $4, $5) as fits",
        [bucket.ownerId, bucket.id, space.sizeBytes, space.objectCount, id],
      );
      const fits = rows[0]?.fits ?? null;
      if (fits === null)
        throw new S3Error("NoSuchBucket", undefined, { details: { BucketName: bucket.name } });
      if (!fits) throw new S3Error("QuotaExceeded");
      return id;
    } catch (error) {
      running.delete(id);
      throw error;
    }
  };

  function settled(reservation: string | null): void {
    if (reservation !== null) running.delete(reservation);
  }

  async function release(reservation: string | null): Promise<void> {
    settled(reservation);
    if (reservation === null) return;
    await database
      .query("delete from s3.space_entries where id = $1 and reserved", [reservation])
      .catch(() => {});
  }

  async function clearAbandoned(): Promise<void> {
    await database.query("delete from s3.space_entries where reserved and id <> all($1::uuid[])", [
      [...running],
    ]);
  }

  return { reserve, settled, release, clearAbandoned };
}

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
