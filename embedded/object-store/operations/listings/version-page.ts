import { type Queryable, queryUnprepared } from "../../database.ts";
import { S3Error } from "../../errors.ts";
import { firstTextAfterAll } from "../../key-order.ts";
import { firstKey } from "./object-page.ts";

export type ListedVersion = {
  key: string;
  versionId: string;
  isCurrent: boolean;
  isDeleteMarker: boolean;
  sizeBytes: number;
  /** Without quotes; empty for a delete marker. */
  etag: string;
  checksumAlgorithm: string | null;
  checksumType: string | null;
  modifiedAt: Date;
};
export type VersionEntry = ListedVersion | { prefix: string };

export type VersionQuery = {
  bucketId: number;
  prefix: string;
  /** Keys that hold this after the prefix are shown as one common prefix. Empty for none. */
  delimiter: string;
  /** The key or common prefix that the page before ended with. Empty for the first page. */
  keyMarker: string;
  /** The version of that key which the page before ended with. Undefined where all of them were shown. */
  versionIdMarker: string | undefined;
  maxKeys: number;
};

/**
 * One page of a bucket's versions and delete markers: keys in the order of their UTF-8 bytes, the newest version of
 * each first.
 */
export async function versionPage(
  database: Queryable,
  query: VersionQuery,
): Promise<{ entries: VersionEntry[]; truncated: boolean }> {
  if (query.maxKeys === 0) return { entries: [], truncated: false };
  const start = await findStart(database, query);
  const { rows } =
    query.delimiter === ""
      ? await selectVersions(database, query, start)
      : await selectGrouped(database, query, start);
  const page = rows.slice(0, query.maxKeys);
  return {
    entries: page.map((row) =>
      row.is_prefix
        ? { prefix: row.entry }
        : {
            key: row.entry,
            versionId: row.version_id ?? "null",
            isCurrent: row.is_current,
            isDeleteMarker: row.is_delete_marker,
            sizeBytes: row.size_bytes,
            etag: row.etag ?? "",
            checksumAlgorithm: row.checksum_algorithm,
            checksumType: row.checksum_type,
            modifiedAt: row.modified_at,
          },
    ),
    truncated: rows.length > page.length,
  };
}

/** Where a page begins: at the versions of a key whose ids are less than this, and goes on with the keys after it. */
type Start = { key: string; beforeId: string };

/** More than any id, and more than JavaScript's numbers hold. */
const NEWEST = String(2n ** 63n - 1n);

async function findStart(database: Queryable, query: VersionQuery): Promise<Start> {
  const { bucketId, prefix, delimiter, keyMarker, versionIdMarker } = query;
  const isGrouped =
    delimiter !== "" && keyMarker.startsWith(prefix) && keyMarker.includes(delimiter, prefix.length);
  if (versionIdMarker === undefined || isGrouped || !keyMarker.startsWith(prefix)) {
    return { key: firstKey({ prefix, delimiter, after: keyMarker }), beforeId: NEWEST };
  }
  const { rows } = await queryUnprepared<{ id: number }>(
    database,
    `select id from s3.object_versions
     where bucket_id = $1 and key = $2 and version_id is not distinct from $3::uuid`,
    [bucketId, keyMarker, versionIdMarker === "null" ? null : versionIdMarker],
  );
  // Who lists to delete has deleted it by now. What is left of the key came after it.
  return { key: keyMarker, beforeId: rows[0] ? String(rows[0].id) : NEWEST };
}

type Row = {
  entry: string;
  is_prefix: boolean;
  version_id: string | null;
  is_current: boolean;
  is_delete_marker: boolean;
  size_bytes: number;
  etag: string | null;
  checksum_algorithm: string | null;
  checksum_type: string | null;
  modified_at: Date;
};

/** The columns of a row beside its key, which each step of the walk hands on. */
const COLUMNS = `version_id, noncurrent_at is null as is_current, is_delete_marker, size_bytes, etag,
  checksum_algorithm, checksum_type, modified_at`;
const NAMES = COLUMNS.replace("noncurrent_at is null as ", "");

/**
 * The first versions from a key and an id on. The index goes up by key and down by id, which no one comparison can
 * follow: hence the rest of one key, and then the keys after it.
 */
function versionsFrom(key: string, beforeId: string, limit: string, end: string): string {
  return `
    (select key, id, ${COLUMNS} from s3.object_versions
     where bucket_id = $1 and key = ${key} and id < ${beforeId} ${end}
     order by id desc limit ${limit})
    union all
    (select key, id, ${COLUMNS} from s3.object_versions
     where bucket_id = $1 and key > ${key} ${end}
     order by key, id desc limit ${limit})
    order by key, id desc limit ${limit}`;
}

function selectVersions(database: Queryable, query: VersionQuery, start: Start) {
  const before = firstTextAfterAll(query.prefix);
  return queryUnprepared<Row>(
    database,
    `select key as entry, false as is_prefix, ${NAMES}
     from (${versionsFrom("$2", "$3", "$4", before === null ? "" : "and key < $5")}) version`,
    [query.bucketId, start.key, start.beforeId, query.maxKeys + 1, ...(before === null ? [] : [before])],
  );
}

/**
 * Goes from entry to entry with a look into the index each, and past a common prefix in one step however many keys
 * and versions it stands for.
 */
function selectGrouped(database: Queryable, query: VersionQuery, start: Start) {
  const before = firstTextAfterAll(query.prefix);
  const delimiterAfter = firstTextAfterAll(query.delimiter);
  if (delimiterAfter === null) throw new S3Error("InvalidArgument", "The delimiter cannot be used.");
  const next = versionsFrom("walk.key", "walk.id", "1", before === null ? "" : "and key < $8");
  return queryUnprepared<Row>(
    database,
    `with recursive walk (number, key, id, entry, is_prefix, ${NAMES}) as (
       select 0, $2::text collate "C", $3::bigint, null::text collate "C", false,
         null::uuid, false, false, null::bigint, null::text, null::text, null::text, null::timestamptz
       union all
       select walk.number + 1,
         case when grouped then left(common, -length($6)) || $7 else next.key end collate "C",
         case when grouped then ${NEWEST} else next.id end,
         case when grouped then common else next.key end collate "C",
         grouped, ${NAMES.replace(/\w+/g, "next.$&")}
       from walk
       cross join lateral (${next}) next
       cross join lateral (select strpos(substr(next.key, length($5) + 1), $6) as position) found
       cross join lateral (
         select position > 0 as grouped, left(next.key, length($5) + position - 1 + length($6)) as common
       ) entry
       where walk.number < $4
     )
     select entry, is_prefix, ${NAMES} from walk where number > 0 order by number`,
    [
      query.bucketId,
      start.key,
      start.beforeId,
      query.maxKeys + 1,
      query.prefix,
      query.delimiter,
      delimiterAfter,
      ...(before === null ? [] : [before]),
    ],
  );
}
