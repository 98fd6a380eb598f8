import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import type { Bucket } from "./access.ts";
import { noSuchBucket, S3Error } from "./errors.ts";

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
  reserve(bucket: Bucket, space: Space): Promise<string | null>;
  /**
   * Adds to a reservation, for a body that does not say how large it will be.
   *
   * @param reservation null where no quota holds
   * @throws S3Error QuotaExceeded, NoSuchBucket; the reservation stays as it was
   */
  extend(reservation: string | null, bucket: Bucket, sizeBytes: number): Promise<void>;
  /** Forgets a reservation that the object's own statement has settled. */
  settled(reservation: string | null): void;
  /** Gives back what a failed upload had reserved. Should that fail too, clearAbandoned does it later. */
  release(reservation: string | null): Promise<void>;
  /** Removes the reservations of uploads that no longer run: a killed process's, or ones the database missed. */
  clearAbandoned(): Promise<void>;
};

type Space = { sizeBytes: number; objectCount: 0 | 1 };

export function createSpaceReservations(database: Pool): SpaceReservations {
  // Ids of uploads that run in this process, the only one there is.
  const running = new Set<string>();

  const reserve: SpaceReservations["reserve"] = async (bucket, space) => {
    if (!bucket.hasQuota) return null;
    const id = randomUUID();
    running.add(id);
    try {
      await take(id, bucket, space);
      return id;
    } catch (error) {
      running.delete(id);
      throw error;
    }
  };

  const extend: SpaceReservations["extend"] = async (reservation, bucket, sizeBytes) => {
    if (reservation !== null) await take(reservation, bucket, { sizeBytes, objectCount: 0 });
  };

  async function take(id: string, bucket: Bucket, space: Space): Promise<void> {
    const { rows } = await database.query<{ fits: boolean | null }>(
      "select s3.reserve_space($1, $2, $3, $4, $5) as fits",
      [bucket.ownerId, bucket.id, space.sizeBytes, space.objectCount, id],
    );
    const fits = rows[0]?.fits ?? null;
    if (fits === null) throw noSuchBucket(bucket.name);
    if (!fits) throw new S3Error("QuotaExceeded");
  }

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
    // Seen first and asked for afterwards: one that is made in between is not among those seen, and still runs.
    const { rows } = await database.query<{ id: string }>("select id from s3.space_entries where reserved");
    const abandoned = rows.map(({ id }) => id).filter((id) => !running.has(id));
    await database.query("delete from s3.space_entries where id = any($1::uuid[]) and reserved", [abandoned]);
  }

  return { reserve, extend, settled, release, clearAbandoned };
}
