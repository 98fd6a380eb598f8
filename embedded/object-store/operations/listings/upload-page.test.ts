import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { withTables } from "../../testing-database.ts";
import { createUpload } from "../../uploads.ts";
import { type UploadQuery, uploadPage } from "./upload-page.ts";

const tables = withTables();

beforeAll(async () => {
  await tables.pool.query("insert into s3.users (name, display_name) values ('owner', 'owner')");
});

const key = fc.string({
  unit: fc.constantFrom("a", "b", "/", "-", "\u0001", "é", "\uffee", "😀"),
  minLength: 1,
  maxLength: 5,
});
const short = fc.string({ unit: fc.constantFrom("a", "b", "/", "-", "é", "😀"), maxLength: 3 });

test("pages through any uploads as a plain sort and grouping does", async () => {
  await fc.assert(
    fc.asyncProperty(
      // Some keys more than once: a key may have many uploads.
      fc.array(fc.oneof(key, fc.constantFrom("a", "b/a")), { maxLength: 25 }),
      fc.oneof({ weight: 2, arbitrary: fc.constant("") }, short),
      fc.oneof(fc.constant(""), fc.constant("/"), short),
      fc.integer({ min: 1, max: 5 }),
      async (keys, prefix, delimiter, maxUploads) => {
        const bucketId = await newBucket();
        const uploads = [];
        for (const key of keys) uploads.push({ key, id: await begin(bucketId, key) });
        const wanted = model(uploads, prefix, delimiter);
        expect(await allPages({ bucketId, prefix, delimiter, maxUploads })).toEqual(wanted);
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);

test("goes past a common prefix, and past other prefixes, in one step", async () => {
  const bucketId = await newBucket();
  await tables.pool.query(
    `insert into s3.uploads (id, bucket_id, key, initiator)
     select uuidv7(), $1, 'folder' || (i % 3) || '/' || i, 'owner' from generate_series(1, 30000) i`,
    [bucketId],
  );
  await tables.pool.query("analyze s3.uploads");
  const list = (prefix: string, delimiter: string, maxUploads: number) =>
    uploadPage(tables.pool, {
      bucketId,
      prefix,
      delimiter,
      maxUploads,
      after: { key: "", uploadId: undefined },
    });
  const startedAt = performance.now();
  expect((await list("", "/", 1000)).entries).toEqual([
    { prefix: "folder0/" },
    { prefix: "folder1/" },
    { prefix: "folder2/" },
  ]);
  expect((await list("folder1/1", "", 3)).entries).toHaveLength(3);
  expect((await list("absent", "", 3)).entries).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

async function newBucket(): Promise<number> {
  const { rows } = await tables.pool.query<{ id: number }>(
    "insert into s3.buckets (tenant, name, owner_id) values ('', gen_random_uuid()::text, 1) returning id",
  );
  return rows[0]?.id as number;
}

const begin = (id: number, key: string) =>
  createUpload(
    tables.pool,
    { id, name: "b" },
    { key, headers: {}, metadata: {}, tags: {}, checksum: null, initiator: "owner" },
  );

async function allPages(query: Omit<UploadQuery, "after">): Promise<string[]> {
  const all: string[] = [];
  let after: UploadQuery["after"] = { key: "", uploadId: undefined };
  for (;;) {
    const { entries, truncated } = await uploadPage(tables.pool, { ...query, after });
    all.push(...entries.map((entry) => ("id" in entry ? entry.id : `prefix ${entry.prefix}`)));
    const last = entries.at(-1);
    if (!truncated || !last) return all;
    after = "id" in last ? { key: last.key, uploadId: last.id } : { key: last.prefix, uploadId: undefined };
  }
}

function model(uploads: { key: string; id: string }[], prefix: string, delimiter: string): string[] {
  const entries = uploads
    .filter(({ key }) => key.startsWith(prefix))
    // Stable: under one key they stay in the order of their beginning.
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
    .map(({ key, id }) => {
      const position = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      return position < 0 ? id : `prefix ${key.slice(0, position + delimiter.length)}`;
    });
  return [...new Set(entries)];
}
