// A page of 1,000 entries of a bucket costs the same however much the bucket holds. Measured is what PostgreSQL
// touches and not how long it takes: the same on every machine.
import type { QueryConfig } from "pg";
import { beforeAll, expect, test } from "vitest";
import type { Queryable } from "#embedded/object-store/database.ts";
import { objectPage } from "#embedded/object-store/operations/listings/object-page.ts";
import { versionPage } from "#embedded/object-store/operations/listings/version-page.ts";
import { withTables } from "#embedded/object-store/testing-database.ts";
import { costOfQueries, type Query, type QueryCost } from "./query-cost.ts";

const SMALL = 10_000;
const LARGE = 1_000_000;
/** Keys stand in as many folders whatever the volume, so that a page of folders has a thousand of them. */
const FOLDERS = 2_000;

const tables = withTables();

/** The rows of a bucket, each a select of key, version_id, is_delete_marker and noncurrent_at. */
const contents: Record<string, (count: number) => string> = {
  keys: (count) =>
    `select ${key("i", count)}, null::uuid, false, null::timestamptz from generate_series(0, ${count - 1}) i`,
  // As many objects whatever the volume; the rest are keys of which only a delete marker is left.
  markers: (count) =>
    `select ${key("i", count)}, gen_random_uuid(), i % ${count / 5_000} <> 0, null::timestamptz
     from generate_series(0, ${count - 1}) i`,
  // As many keys whatever the volume, each with more and more versions.
  versions: (count) =>
    `select ${key(`i / ${count / 5_000}`, 5_000)}, gen_random_uuid(), false,
       case when (i + 1) % ${count / 5_000} <> 0 then now() end
     from generate_series(0, ${count - 1}) i`,
};

/** `0000/000000`: in the order of the numbers, and as many folders of any count. */
function key(number: string, count: number): string {
  return `lpad((${number} * ${FOLDERS} / ${count})::text, 4, '0') || '/' || lpad((${number})::text, 7, '0')`;
}

type Page = { bucketId: number; maxKeys: number };
type Read = (on: Queryable, page: Page) => Promise<unknown>;
const flat = { prefix: "", delimiter: "" };
const grouped = { prefix: "", delimiter: "/" };
const middle = "1000/";

const reads: Record<string, { of: keyof typeof contents; read: Read }> = {
  "keys, first page": { of: "keys", read: (on, page) => objectPage(on, { ...flat, after: "", ...page }) },
  "keys, from the middle": {
    of: "keys",
    read: (on, page) => objectPage(on, { ...flat, after: middle, ...page }),
  },
  "keys, all folders": {
    of: "keys",
    read: (on, page) => objectPage(on, { ...grouped, after: "", ...page }),
  },
  "keys, folders from the middle": {
    of: "keys",
    read: (on, page) => objectPage(on, { ...grouped, after: "0999/", ...page }),
  },
  "keys among delete markers": {
    of: "markers",
    read: (on, page) => objectPage(on, { ...flat, after: middle, ...page }),
  },
  "folders among delete markers": {
    of: "markers",
    read: (on, page) => objectPage(on, { ...grouped, after: "", ...page }),
  },
  "keys with many versions": {
    of: "versions",
    read: (on, page) => objectPage(on, { ...flat, after: middle, ...page }),
  },
  "versions, first page": {
    of: "versions",
    read: (on, page) => versionPage(on, { ...flat, keyMarker: "", versionIdMarker: undefined, ...page }),
  },
  "versions, from the middle": {
    of: "versions",
    read: (on, page) => versionPage(on, { ...flat, keyMarker: middle, versionIdMarker: undefined, ...page }),
  },
  "versions, all folders": {
    of: "versions",
    read: (on, page) => versionPage(on, { ...grouped, keyMarker: "", versionIdMarker: undefined, ...page }),
  },
  "versions of one object each": {
    of: "keys",
    read: (on, page) => versionPage(on, { ...flat, keyMarker: middle, versionIdMarker: undefined, ...page }),
  },
};

const buckets = new Map<string, number>();

beforeAll(async () => {
  await tables.pool.query("insert into s3.users (name, display_name) values ('owner', 'owner')");
  for (const [name, rows] of Object.entries(contents)) {
    for (const count of [SMALL, LARGE]) buckets.set(`${name} ${count}`, await newBucket(rows(count)));
  }
  await tables.pool.query("vacuum analyze s3.object_versions");
}, 600_000);

test.each(Object.entries(reads))("%s", async (title, { of, read }) => {
  const before = await cost(of, SMALL, read);
  const after = await cost(of, LARGE, read);
  console.log(`  ${title}: blocks ${before.blocks} → ${after.blocks}, rows ${before.rows} → ${after.rows}`);
  // With the scans in it, a failure says which one grew.
  const excess =
    after.rows > before.rows * 1.3 || after.blocks > before.blocks * 1.3 ? { before, after } : null;
  expect(excess).toBeNull();
});

async function cost(of: keyof typeof contents, count: number, read: Read): Promise<QueryCost> {
  const bucketId = buckets.get(`${of} ${count}`) as number;
  const queries: Query[] = [];
  const watched = {
    query(query: Query) {
      queries.push(query);
      return tables.pool.query(query);
    },
  } as unknown as Queryable;
  await read(watched, { bucketId, maxKeys: 1000 });
  return costOfQueries(queries, async (text, values) => (await tables.pool.query({ text, values })).rows);
}

/** Rows come in any order, as uploads do: the pages of one listing are spread over the table. */
async function newBucket(rows: string): Promise<number> {
  const client = await tables.pool.connect();
  try {
    await client.query("set statement_timeout = 0");
    const { rows: made } = await client.query<{ id: number }>(
      "insert into s3.buckets (tenant, name, owner_id) values ('', gen_random_uuid()::text, 1) returning id",
    );
    const bucketId = made[0]?.id as number;
    await client.query({
      text: `insert into s3.object_versions
         (bucket_id, key, version_id, is_delete_marker, noncurrent_at, size_bytes, etag, modified_at)
       select $1, key, version_id, is_marker, noncurrent_at, 0, case when not is_marker then '' end, now()
       from (${rows}) given (key, version_id, is_marker, noncurrent_at)
       order by noncurrent_at nulls last, random()`,
      values: [bucketId],
      query_timeout: 300_000,
    } as QueryConfig);
    return bucketId;
  } finally {
    client.release(true);
  }
}
