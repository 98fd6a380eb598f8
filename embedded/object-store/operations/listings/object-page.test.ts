import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { withTables } from "../../testing-database.ts";
import { type ObjectQuery, objectPage } from "./object-page.ts";

const tables = withTables();

beforeAll(async () => {
  await tables.pool.query("insert into s3.users (name, display_name) values ('owner', 'owner')");
});

// Few characters, so that prefixes meet, among them ones whose order in UTF-16 is not that of their bytes.
const key = fc.string({
  unit: fc.constantFrom("a", "b", "/", "-", "\u0001", "é", "\uffee", "😀"),
  minLength: 1,
  maxLength: 6,
});
const short = fc.string({ unit: fc.constantFrom("a", "b", "/", "-", "é", "😀"), maxLength: 3 });

describe("objectPage", () => {
  test("pages through any keys as a plain sort and grouping does", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 30 }),
        fc.record({
          prefix: fc.oneof({ weight: 2, arbitrary: fc.constant("") }, short),
          delimiter: fc.oneof(fc.constant(""), fc.constant("/"), short),
          after: fc.oneof({ weight: 2, arbitrary: fc.constant("") }, key),
          maxKeys: fc.integer({ min: 1, max: 7 }),
        }),
        async (keys, query) => {
          const bucketId = await newBucket(keys);
          const wanted = model(keys, query);
          expect(await allPages({ ...query, bucketId })).toEqual(wanted);
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);

  test("goes past a common prefix in one step, however much it holds", async () => {
    const bucketId = await newBucket([]);
    await tables.pool.query(
      `insert into s3.object_versions (bucket_id, key, size_bytes, etag, modified_at)
       select $1, 'folder' || (i % 3) || '/' || i, 0, '', now() from generate_series(1, 30000) i`,
      [bucketId],
    );
    await tables.pool.query("analyze s3.object_versions");
    const startedAt = performance.now();
    const page = await objectPage(tables.pool, {
      bucketId,
      prefix: "",
      delimiter: "/",
      after: "",
      maxKeys: 1000,
    });
    expect(page.entries).toEqual([{ prefix: "folder0/" }, { prefix: "folder1/" }, { prefix: "folder2/" }]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test("no keys are asked for", async () => {
    const bucketId = await newBucket(["a"]);
    expect(
      await objectPage(tables.pool, { bucketId, prefix: "", delimiter: "", after: "", maxKeys: 0 }),
    ).toEqual({
      entries: [],
      truncated: false,
      last: "",
    });
  });
});

async function newBucket(keys: string[]): Promise<number> {
  const { rows } = await tables.pool.query<{ id: number }>(
    "insert into s3.buckets (tenant, name, owner_id) values ('', gen_random_uuid()::text, 1) returning id",
  );
  await tables.pool.query(
    `insert into s3.object_versions (bucket_id, key, size_bytes, etag, modified_at)
     select $1, key, 0, '', now() from unnest($2::text[]) key`,
    [rows[0]?.id, keys],
  );
  return rows[0]?.id as number;
}

async function allPages(query: ObjectQuery): Promise<string[]> {
  const entries: string[] = [];
  for (let after = query.after; ; ) {
    const page = await objectPage(tables.pool, { ...query, after });
    expect(page.entries.length).toBeLessThanOrEqual(query.maxKeys);
    if (page.truncated) expect(page.entries).toHaveLength(query.maxKeys);
    entries.push(
      ...page.entries.map((entry) => ("key" in entry ? `key ${entry.key}` : `prefix ${entry.prefix}`)),
    );
    if (!page.truncated) return entries;
    after = page.last;
  }
}

/** What a listing is, without pages and indexes. */
function model(
  keys: string[],
  { prefix, delimiter, after }: Omit<ObjectQuery, "bucketId" | "maxKeys">,
): string[] {
  const commonPrefix = (text: string) => {
    const position =
      delimiter === "" || !text.startsWith(prefix) ? -1 : text.indexOf(delimiter, prefix.length);
    return position < 0 ? null : text.slice(0, position + delimiter.length);
  };
  const passed = commonPrefix(after);
  const entries = keys
    .filter((text) => text.startsWith(prefix))
    .filter(
      (text) => after === "" || (compare(text, after) > 0 && (passed === null || !text.startsWith(passed))),
    )
    .sort(compare)
    .map((text) => {
      const common = commonPrefix(text);
      return common === null ? `key ${text}` : `prefix ${common}`;
    });
  return [...new Set(entries)];
}

const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
