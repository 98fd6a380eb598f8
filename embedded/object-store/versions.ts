import type { ChecksumAlgorithm } from "./checksums.ts";
import { type Queryable, sqlState } from "./database.ts";
import { noSuchBucket, S3Error } from "./errors.ts";

/**
 * Versions of objects in the database. The rules, which two requests at once must not break, are functions there:
 * see migrations/0005_versions.sql.
 *
 * Source: "Retaining multiple versions of objects with S3 Versioning", Amazon S3 user guide.
 */

/** Whether a bucket keeps versions. Null until it is first set. */
export type Versioning = "Enabled" | "Suspended" | null;

/** Where a body is: in the row, in a file, in the files of an upload's parts, or nowhere where it is empty. */
export type StoredBody = { body: Buffer | null; blobId: string | null; uploadId: string | null };

export type StoredChecksum = {
  algorithm: ChecksumAlgorithm;
  type: "FULL_OBJECT" | "COMPOSITE";
  /** As it stands in the header: base64, with `-N` after that of N parts. */
  value: string;
};

export type NewVersion = StoredBody & {
  key: string;
  sizeBytes: number;
  /** Without quotes. */
  etag: string;
  checksum: StoredChecksum | null;
  headers: Record<string, string>;
  metadata: Record<string, string>;
  tags: Record<string, string>;
};

/** A version as it is read. Its body is not among this, unless it was asked for: see `openBody`. */
export type Version = {
  id: number;
  key: string;
  /** What clients call it: a UUID, or `null`. */
  versionId: string;
  isCurrent: boolean;
  isDeleteMarker: boolean;
  sizeBytes: number;
  etag: string;
  checksum: StoredChecksum | null;
  headers: Record<string, string>;
  metadata: Record<string, string>;
  tags: Record<string, string>;
  modifiedAt: Date;
  blobId: string | null;
  uploadId: string | null;
  /** Where it stands in the row and was asked for. */
  body?: Buffer | null;
};

/** When to write. Each holds ETags without quotes, or `*`; null is no condition. */
export type WriteCondition = { ifNoneMatch: string[] | null; ifMatch: string[] | null };

/**
 * Makes an object the current version of its key. What its body is made of must be on disk.
 *
 * @param reservation of space, which this settles
 * @returns the version's id, unless it is the null version, and the files that are no longer needed
 * @throws S3Error PreconditionFailed, NoSuchKey (If-Match finds no object), NoSuchBucket
 */
export async function putVersion(
  database: Queryable,
  bucket: { id: number; name: string },
  version: NewVersion,
  condition: WriteCondition,
  reservation: string | null,
): Promise<{ versionId: string | undefined; storedAt: Date; unusedBlobs: string[] }> {
  try {
    const { rows } = await database.query(
      "select * from s3.put_version($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
      [
        bucket.id,
        version.key,
        version.blobId,
        version.body,
        version.uploadId,
        version.sizeBytes,
        version.etag,
        version.checksum?.algorithm ?? null,
        version.checksum?.type ?? null,
        version.checksum?.value ?? null,
        version.headers,
        version.metadata,
        version.tags,
        condition.ifNoneMatch,
        condition.ifMatch,
        reservation,
      ],
    );
    const { stored_version_id, stored_at, unused_blobs } = rows[0];
    return {
      versionId: stored_version_id ?? undefined,
      storedAt: stored_at,
      unusedBlobs: unused_blobs,
    };
  } catch (error) {
    throw refusal(error, bucket) ?? error;
  }
}

/** One object to delete, or with a version id one version of it. */
export type Deletion = {
  key: string;
  versionId?: string | undefined;
  /** ETags without quotes, or `*`: nothing is deleted where the object is another. */
  ifMatch?: string | undefined;
};

export type DeletionOutcome = {
  conditionFailed: boolean;
  markerCreated: boolean;
  /** Whether the version that was named was a delete marker. */
  markerRemoved: boolean;
  /** Of the version that was named or the marker that was made, where the bucket has ever kept versions. */
  versionId: string | undefined;
};

// Each key is a lock, and PostgreSQL has room for some thousands of them, all connections together.
const DELETIONS_AT_ONCE = 200;

/**
 * Deletes objects or versions, each on its own: what is not there is deleted successfully.
 *
 * @returns an outcome for each, in their order, and the files that are no longer needed
 * @throws S3Error NoSuchBucket
 */
export async function deleteVersions(
  database: Queryable,
  bucket: { id: number; name: string },
  deletions: Deletion[],
): Promise<{ outcomes: DeletionOutcome[]; unusedBlobs: string[] }> {
  const outcomes: DeletionOutcome[] = [];
  const unusedBlobs: string[] = [];
  for (let start = 0; start < deletions.length; start += DELETIONS_AT_ONCE) {
    const some = deletions.slice(start, start + DELETIONS_AT_ONCE);
    const { rows } = await database
      .query("select * from s3.delete_versions($1, $2, $3, $4) order by ordinal", [
        bucket.id,
        some.map(({ key }) => key),
        some.map(({ versionId }) => versionId ?? ""),
        some.map(({ ifMatch }) => ifMatch ?? null),
      ])
      .catch((error: unknown) => {
        throw refusal(error, bucket) ?? error;
      });
    for (const [index, row] of rows.entries()) {
      outcomes.push({
        conditionFailed: row.condition_failed,
        markerCreated: row.marker_created,
        markerRemoved: row.marker_removed,
        versionId: row.versioned ? (some[index]?.versionId ?? row.affected_version_id ?? "null") : undefined,
      });
      unusedBlobs.push(...row.unused_blobs);
    }
  }
  return { outcomes, unusedBlobs };
}

/**
 * The current version of a key, or the one with this id; null where there is none. A delete marker is a version too.
 *
 * @param versionId as readVersionId gives it
 * @param withBody whether a body that stands in the row comes with it, which spares a reader the second query
 */
export async function findVersion(
  database: Queryable,
  bucketId: number,
  key: string,
  versionId?: string,
  { withBody = false } = {},
): Promise<Version | null> {
  const { rows } = await database.query(
    `select id, key, version_id, noncurrent_at is null as is_current, is_delete_marker, size_bytes, etag,
       checksum_algorithm, checksum_type, checksum_value, headers, metadata, tags, modified_at, blob_id, upload_id
       ${withBody ? ", body" : ""}
     from s3.object_versions
     where bucket_id = $1 and key = $2 ${whichVersion(versionId)}
     order by id desc limit 1`,
    versionId === undefined || versionId === "null" ? [bucketId, key] : [bucketId, key, versionId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    id: row.id,
    key: row.key,
    versionId: row.version_id ?? "null",
    isCurrent: row.is_current,
    isDeleteMarker: row.is_delete_marker,
    sizeBytes: row.size_bytes,
    etag: row.etag ?? "",
    checksum:
      row.checksum_algorithm === null
        ? null
        : { algorithm: row.checksum_algorithm, type: row.checksum_type, value: row.checksum_value },
    headers: row.headers,
    metadata: row.metadata,
    tags: row.tags,
    modifiedAt: row.modified_at,
    blobId: row.blob_id,
    uploadId: row.upload_id,
    body: row.body,
  };
}

function whichVersion(versionId: string | undefined): string {
  if (versionId === undefined) return "";
  return versionId === "null" ? "and version_id is null" : "and version_id = $3";
}

/**
 * Reads a version id that a client gave.
 *
 * @returns undefined where none was given
 * @throws S3Error InvalidArgument where it is none that was ever given out
 */
export function readVersionId(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  if (isVersionId(given)) return given;
  const message = given === "" ? "Version id cannot be the empty string" : "Invalid version id specified";
  throw new S3Error("InvalidArgument", message, {
    details: { ArgumentName: "versionId", ArgumentValue: given },
  });
}

/** Whether a text is of the form that version ids are given out in. */
export const isVersionId = (text: string) => text === "null" || UUID.test(text);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** S3's error for what the database's functions refused. */
function refusal(error: unknown, bucket: { name: string }): S3Error | null {
  switch (sqlState(error)) {
    case "S3412":
      return new S3Error("PreconditionFailed");
    case "S3404":
      return new S3Error("NoSuchKey");
    // The version's reference to its bucket.
    case "23503":
      return noSuchBucket(bucket.name);
    default:
      return null;
  }
}
