import type { Queryable } from "../../database.ts";
import { S3Error } from "../../errors.ts";
import { compareKeys, firstTextAfterAll } from "../../key-order.ts";
import { INITIATOR_DISPLAY_NAME, type UploadChecksum } from "../../uploads.ts";

export type ListedUpload = {
  key: string;
  id: string;
  initiator: string;
  initiatorDisplayName: string;
  checksum: UploadChecksum | null;
  createdAt: Date;
};
export type UploadEntry = ListedUpload | { prefix: string };

export type UploadQuery = {
  bucketId: number;
  prefix: string;
  /** Keys that hold this after the prefix are shown as one common prefix. Empty for none. */
  delimiter: string;
  /**
   * What the page before ended with: a key and the id of an upload of it, or a key or common prefix alone, of which then
   * no upload follows. Empty for the first page.
   */
  after: { key: string; uploadId: string | undefined };
  maxUploads: number;
};

/**
 * One page of a bucket's open uploads, in the order of their keys and, under one key, of their beginning.
 *
 * Goes from entry to entry with one look into the index each, and past a common prefix in one step however many uploads
 * it stands for.
 */
export async function uploadPage(
  database: Queryable,
  query: UploadQuery,
): Promise<{ entries: UploadEntry[]; truncated: boolean }> {
  const { bucketId, prefix, delimiter, maxUploads } = query;
  const start = firstUpload(query);
  const delimiterAfter = firstTextAfterAll(delimiter);
  if (delimiter !== "" && delimiterAfter === null) {
    throw new S3Error("InvalidArgument", "The delimiter cannot be used.");
  }
  if (maxUploads === 0 || start === null) return { entries: [], truncated: false };
  const before = firstTextAfterAll(prefix);
  const { rows } = await database.query(walk(before), [
    bucketId,
    start.key,
    start.uploadId,
    maxUploads + 1,
    prefix,
    delimiter,
    delimiterAfter ?? "",
    ...(before === null ? [] : [before]),
  ]);
  return {
    entries: rows.slice(0, maxUploads).map((row) =>
      row.common !== null
        ? { prefix: row.common }
        : {
            key: row.key,
            id: row.id,
            initiator: row.initiator,
            initiatorDisplayName: row.initiator_display_name,
            checksum:
              row.checksum_algorithm === null
                ? null
                : { algorithm: row.checksum_algorithm, type: row.checksum_type },
            createdAt: row.created_at,
          },
    ),
    truncated: rows.length > maxUploads,
  };
}

const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

/**
 * Where the page begins: after an upload, or before all those of a key.
 *
 * @returns null where nothing can follow
 */
function firstUpload(query: UploadQuery): { key: string; uploadId: string } | null {
  const { prefix, delimiter, after } = query;
  const fromPrefix = { key: prefix, uploadId: BEFORE_ALL };
  if (after.key === "") return fromPrefix;
  const position =
    delimiter === "" || !after.key.startsWith(prefix) ? -1 : after.key.indexOf(delimiter, prefix.length);
  if (position >= 0) {
    // That whole prefix was shown already.
    const passed = firstTextAfterAll(after.key.slice(0, position + delimiter.length));
    return passed === null ? null : { key: passed, uploadId: BEFORE_ALL };
  }
  const next =
    after.uploadId === undefined
      ? { key: `${after.key}\u0001`, uploadId: BEFORE_ALL }
      : { key: after.key, uploadId: after.uploadId };
  return compareKeys(next.key, prefix) >= 0 ? next : fromPrefix;
}

/** @param before the first key that the prefix rules out */
const walk = (before: string | null) => `
  with recursive walk (number, after_key, after_id, id, key, common) as (
    select 0, $2::text collate "C", $3::uuid, null::uuid, null::text collate "C", null::text collate "C"
    union all
    select walk.number + 1,
      case when grouped.common is null then next.key else left(grouped.common, -length($6)) || $7 end collate "C",
      case when grouped.common is null then next.id else '${BEFORE_ALL}' end,
      next.id, next.key, grouped.common
    from walk
    cross join lateral (
      select up.id, up.key from s3.uploads up
      where up.bucket_id = $1 and up.completed_at is null and (up.key, up.id) > (walk.after_key, walk.after_id)
        ${before === null ? "" : "and up.key < $8"}
      order by up.key, up.id limit 1
    ) next
    cross join lateral (
      select case when $6 = '' then 0 else strpos(substr(next.key, length($5) + 1), $6) end as position
    ) found
    cross join lateral (
      select case when position > 0 then left(next.key, length($5) + position - 1 + length($6)) end as common
    ) grouped
    where walk.number < $4
  )
  select walk.key, walk.id, walk.common, up.initiator, ${INITIATOR_DISPLAY_NAME}, up.checksum_algorithm,
    up.checksum_type, up.created_at
  from walk join s3.uploads up on up.id = walk.id
  where walk.number > 0 order by walk.number`;
