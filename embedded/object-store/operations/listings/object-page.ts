import type { QueryResult } from "pg";
import { type Queryable, queryUnprepared } from "../../database.ts";
import { S3Error } from "../../errors.ts";
import { compareKeys, firstTextAfterAll } from "../../key-order.ts";

export type ListedObject = {
  key: string;
  sizeBytes: number;
  etag: string;
  checksumAlgorithm: string | null;
  checksumType: string | null;
  modifiedAt: Date;
};
export type ObjectEntry = ListedObject | { prefix: string };

export type ObjectQuery = {
  bucketId: number;
  prefix: string;
  /** Keys that hold this after the prefix are shown as one common prefix. Empty for none. */
  delimiter: string;
  /** The key or common prefix that the page before ended with. Empty for the first page. */
  after: string;
  maxKeys: number;
};

/**
 * One page of a bucket's keys, in the order of their UTF-8 bytes.
 *
 * @returns `last`, for the next page's `after`
 */
export async function objectPage(
  database: Queryable,
  query: ObjectQuery,
): Promise<{ entries: ObjectEntry[]; truncated: boolean; last: string }> {
  if (query.maxKeys === 0) return { entries: [], truncated: false, last: "" };
  const { rows } =
    query.delimiter === "" ? await selectKeys(database, query) : await selectGrouped(database, query);
  const page = rows.slice(0, query.maxKeys);
  const last = page.at(-1);
  return {
    entries: page.map((row) =>
      row.is_prefix
        ? { prefix: row.entry }
        : {
            key: row.entry,
            sizeBytes: row.size_bytes,
            etag: row.etag,
            checksumAlgorithm: row.checksum_algorithm,
            checksumType: row.checksum_type,
            modifiedAt: row.modified_at,
          },
    ),
    truncated: rows.length > page.length,
    last: last?.entry ?? "",
  };
}

type Row = {
  entry: string;
  is_prefix: boolean;
  size_bytes: number;
  etag: string;
  checksum_algorithm: string | null;
  checksum_type: string | null;
  modified_at: Date;
};

function selectKeys(database: Queryable, query: ObjectQuery): Promise<QueryResult<Row>> {
  const before = firstTextAfterAll(query.prefix);
  return queryUnprepared(
    database,
    `select key as entry, false as is_prefix, size_bytes, etag, checksum_algorithm, checksum_type,
       modified_at
     from s3.object_versions
     where bucket_id = $1 and noncurrent_at is null and not is_delete_marker and key >= $2 ${before === null ? "" : "and key < $4"}
     order by key limit $3`,
    [query.bucketId, firstKey(query), query.maxKeys + 1, ...(before === null ? [] : [before])],
  );
}

/**
 * Goes from entry to entry with one look into the index each, and past a common prefix in one step however many keys
 * it stands for.
 */
function selectGrouped(database: Queryable, query: ObjectQuery): Promise<QueryResult<Row>> {
  const before = firstTextAfterAll(query.prefix);
  const delimiterAfter = firstTextAfterAll(query.delimiter);
  if (delimiterAfter === null) throw new S3Error("InvalidArgument", "The delimiter cannot be used.");
  return queryUnprepared(
    database,
    `with recursive walk (number, resume_at, entry, is_prefix, size_bytes, etag, checksum_algorithm, checksum_type,
       modified_at) as (
       select 0, $2::text collate "C", null::text collate "C", false, null::bigint, null::text, null::text,
         null::text, null::timestamptz
       union all
       select walk.number + 1,
         case when grouped then left(common, -length($5)) || $6 else next.key || chr(1) end collate "C",
         case when grouped then common else next.key end collate "C",
         grouped, next.size_bytes, next.etag, next.checksum_algorithm, next.checksum_type, next.modified_at
       from walk
       cross join lateral (
         select o.key, o.size_bytes, o.etag, o.checksum_algorithm, o.checksum_type, o.modified_at
         from s3.object_versions o
         where o.bucket_id = $1 and o.noncurrent_at is null and not o.is_delete_marker and o.key >= walk.resume_at ${before === null ? "" : "and o.key < $7"}
         order by o.key limit 1
       ) next
       cross join lateral (select strpos(substr(next.key, length($4) + 1), $5) as position) found
       cross join lateral (
         select position > 0 as grouped, left(next.key, length($4) + position - 1 + length($5)) as common
       ) entry
       where walk.number < $3
     )
     select entry, is_prefix, size_bytes, etag, checksum_algorithm, checksum_type, modified_at
     from walk where number > 0 order by number`,
    [
      query.bucketId,
      firstKey(query),
      query.maxKeys + 1,
      query.prefix,
      query.delimiter,
      delimiterAfter,
      ...(before === null ? [] : [before]),
    ],
  );
}

/**
 * The smallest key that the page may hold. After a key that lies under a common prefix, that whole prefix was shown
 * already, as in the Ceph Object Gateway.
 */
export function firstKey({
  prefix,
  delimiter,
  after,
}: Pick<ObjectQuery, "prefix" | "delimiter" | "after">): string {
  if (after === "") return prefix;
  const position =
    delimiter === "" || !after.startsWith(prefix) ? -1 : after.indexOf(delimiter, prefix.length);
  const passed = position < 0 ? null : firstTextAfterAll(after.slice(0, position + delimiter.length));
  // U+0001 is the smallest character that a key may hold, so this is the very next text in order.
  const next = passed ?? `${after}\u0001`;
  return compareKeys(next, prefix) > 0 ? next : prefix;
}
