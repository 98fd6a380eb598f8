import type { ByteRange } from "./byte-range.ts";
import { type Queryable, sqlState } from "./database.ts";
import { noSuchUpload, type Upload } from "./uploads.ts";

/** As many parts an upload has at most: their numbers are from 1 to this. */
export const MAX_PARTS = 10_000;

/** A part of an upload, or of the object that the upload has become. */
export type Part = {
  number: number;
  sizeBytes: number;
  /** MD5 in hex. */
  etag: string;
  /** Of the upload's checksum algorithm, in base64; null where it has none. */
  checksum: string | null;
  modifiedAt: Date;
};

/**
 * Adds a part to an open upload, in place of an earlier one of its number. Its file must be on disk.
 *
 * @param reservation of space, which this settles
 * @returns the files that are no longer needed
 * @throws S3Error NoSuchUpload where it was completed or aborted meanwhile
 */
export async function putPart(
  database: Queryable,
  bucketId: number,
  upload: Upload,
  part: Omit<Part, "modifiedAt"> & { blobId: string | null },
  reservation: string | null,
): Promise<{ storedAt: Date; unusedBlobs: string[] }> {
  try {
    const { rows } = await database.query("select * from s3.put_part($1, $2, $3, $4, $5, $6, $7, $8, $9)", [
      bucketId,
      upload.key,
      upload.id,
      part.number,
      part.blobId,
      part.sizeBytes,
      part.etag,
      part.checksum,
      reservation,
    ]);
    return { storedAt: rows[0].stored_at, unusedBlobs: rows[0].unused_blobs };
  } catch (error) {
    throw sqlState(error) === "S3UPL" ? noSuchUpload(upload.id) : error;
  }
}

/**
 * Parts in the order of their numbers.
 *
 * @param after the number that the page before ended with, 0 for the first page
 */
export async function listParts(
  database: Queryable,
  uploadId: string,
  after = 0,
  limit = MAX_PARTS,
): Promise<Part[]> {
  const { rows } = await database.query(
    `select number, size_bytes, etag, checksum_value, modified_at from s3.parts
     where upload_id = $1 and number > $2 order by number limit $3`,
    [uploadId, after, limit],
  );
  return rows.map((row) => ({
    number: row.number,
    sizeBytes: row.size_bytes,
    etag: row.etag,
    checksum: row.checksum_value,
    modifiedAt: row.modified_at,
  }));
}

/**
 * A part of an object. They count from 1 without gaps, whatever numbers they were uploaded under: clients that read an
 * object part by part ask for 1, 2, 3 … up to how many there are.
 */
export type ObjectPart = { ordinal: number; sizeBytes: number; checksum: string | null; range: ByteRange };

/** @param after the ordinal that the page before ended with, 0 for the first page */
export async function listObjectParts(
  database: Queryable,
  uploadId: string,
  after: number,
  limit: number,
): Promise<{ parts: ObjectPart[]; partsCount: number }> {
  const { rows } = await database.query(
    `with parts as (
       select size_bytes, checksum_value, row_number() over w as ordinal,
         (sum(size_bytes) over w)::bigint - size_bytes as starts_at
       from s3.parts where upload_id = $1 window w as (order by number)
     )
     select counted.parts_count, page.*
     from (select count(*) as parts_count from parts) counted
     left join lateral (
       select * from parts where ordinal > $2 order by ordinal limit $3
     ) page on true`,
    [uploadId, after, limit],
  );
  return {
    parts: rows
      .filter((row) => row.ordinal !== null)
      .map((row) => ({
        ordinal: row.ordinal,
        sizeBytes: row.size_bytes,
        checksum: row.checksum_value,
        range: { first: row.starts_at, last: row.starts_at + row.size_bytes - 1 },
      })),
    partsCount: rows[0].parts_count,
  };
}

/** One part of an object, and how many it has; null where it has no such part. */
export async function findObjectPart(
  database: Queryable,
  uploadId: string,
  ordinal: number,
): Promise<{ range: ByteRange; checksum: string | null; partsCount: number } | null> {
  const { parts, partsCount } = await listObjectParts(database, uploadId, ordinal - 1, 1);
  return parts[0] ? { ...parts[0], partsCount } : null;
}

/** A stretch of a file: positions in it, both inclusive. */
export type BlobRange = { blobId: string } & ByteRange;

/** The stretches of files that make a range of the object which an upload has become, in their order. */
export async function findBlobRanges(
  database: Queryable,
  uploadId: string,
  { first, last }: ByteRange,
): Promise<BlobRange[]> {
  const { rows } = await database.query(
    `select blob_id, size_bytes, starts_at from (
       select blob_id, size_bytes, (sum(size_bytes) over (order by number))::bigint - size_bytes as starts_at
       from s3.parts where upload_id = $1
     ) parts
     where starts_at <= $3 and starts_at + size_bytes > $2 and size_bytes > 0 order by starts_at`,
    [uploadId, first, last],
  );
  return rows.map((row) => ({
    blobId: row.blob_id,
    first: Math.max(0, first - row.starts_at),
    last: Math.min(row.size_bytes, last - row.starts_at + 1) - 1,
  }));
}
