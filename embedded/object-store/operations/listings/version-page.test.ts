import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { withTables } from "../../testing-database.ts";
import { type VersionEntry, type VersionQuery, versionPage } from "./version-page.ts";

const tables = withTables();

beforeAll(async () => {
  await tables.pool.query("insert into s3.users (name, display_name) values ('owner', 'owner')");
});

// Few characters, so that prefixes meet, among them ones whose order in UTF-16 is not that of their bytes.
const key = fc.string({
  unit: fc.constantFrom("a", "b", "/", "\u0001", "é", "\uffee", "😀"),
  minLength: 1,
  maxLength: 4,
});
const short = fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "😀"), maxLength: 2 });
/** A version or delete marker that is put on top of what its key has. */
const write = fc.record({ key, isNull: fc.boolean(), isMarker: fc.boolean() });

describe("versionPage", () => {
  test("pages through any versions as a plain sort and grouping does", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(write, { maxLength: 30 }),
        fc.record({
          prefix: fc.oneof({ weight: 2, arbitrary: fc.constant("") }, short),
          delimiter: fc.oneof(fc.constant(""), fc.constant("/"), short),
          keyMarker: fc.oneof({ weight: 2, arbitrary: fc.constant("") }, key),
          maxKeys: fc.integer({ min: 1, max: 7 }),
        }),
        async (writes, query) => {
          const { bucketId, versions } = await newBucket(writes);
          const wanted = model(versions, query);
          expect(await allPages({ ...query, bucketId, versionIdMarker: undefined })).toEqual(wanted);
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);

  test("begins after the version that is named, or with what is left of its key once that is gone", async () => {
    const { bucketId, versions } = await newBucket([
      ...Array.from({ length: 4 }, () => ({ key: "k", isNull: false, isMarker: false })),
      { key: "l", isNull: true, isMarker: false },
    ]);
    const list = async (versionIdMarker: string | undefined) => {
      const query = { bucketId, prefix: "", delimiter: "", keyMarker: "k", versionIdMarker, maxKeys: 9 };
      return (await versionPage(tables.pool, query)).entries.map(describeEntry);
    };
    const described = [...versions].reverse().map(describeVersion);
    const [l, ...ks] = described as [string, ...string[]];
    expect(await list(versions[2]?.versionId)).toEqual([ks[2], ks[3], l]);
    expect(await list(versions[0]?.versionId)).toEqual([l]);
    expect(await list(randomUUID())).toEqual([...ks, l]);
    expect(await list(undefined)).toEqual([l]);
  });
});

type Version = { key: string; versionId: string; isMarker: boolean; isCurrent: boolean };

/** Versions as the database has them, the oldest first. */
async function newBucket(
  writes: { key: string; isNull: boolean; isMarker: boolean }[],
): Promise<{ bucketId: number; versions: Version[] }> {
  const { rows } = await tables.pool.query<{ id: number }>(
    "insert into s3.buckets (tenant, name, owner_id) values ('', gen_random_uuid()::text, 1) returning id",
  );
  const bucketId = rows[0]?.id as number;
  const hasNull = new Set<string>();
  const versions: Version[] = writes.map(({ key, isNull, isMarker }, index) => {
    // There is one null version of a key at most.
    const versionId = isNull && !hasNull.has(key) ? "null" : randomUUID();
    if (versionId === "null") hasNull.add(key);
    return {
      key,
      versionId,
      isMarker,
      isCurrent: !writes.slice(index + 1).some((other) => other.key === key),
    };
  });
  await tables.pool.query(
    `insert into s3.object_versions (bucket_id, key, version_id, is_delete_marker, noncurrent_at, size_bytes, etag, modified_at)
     select $1, key, version_id, is_marker, case when not is_current then now() end, 0,
       case when not is_marker then '' end, now()
     from unnest($2::text[], $3::uuid[], $4::boolean[], $5::boolean[]) with ordinality
       as given (key, version_id, is_marker, is_current, number)
     order by number`,
    [
      bucketId,
      versions.map(({ key }) => key),
      versions.map(({ versionId }) => (versionId === "null" ? null : versionId)),
      versions.map(({ isMarker }) => isMarker),
      versions.map(({ isCurrent }) => isCurrent),
    ],
  );
  return { bucketId, versions };
}

async function allPages(query: VersionQuery): Promise<string[]> {
  const entries: string[] = [];
  for (let next = query; ; ) {
    const page = await versionPage(tables.pool, next);
    expect(page.entries.length).toBeLessThanOrEqual(query.maxKeys);
    if (page.truncated) expect(page.entries).toHaveLength(query.maxKeys);
    entries.push(...page.entries.map(describeEntry));
    const last = page.entries.at(-1);
    if (!page.truncated || !last) return entries;
    next =
      "key" in last
        ? { ...query, keyMarker: last.key, versionIdMarker: last.versionId }
        : { ...query, keyMarker: last.prefix, versionIdMarker: undefined };
  }
}

const describeEntry = (entry: VersionEntry) =>
  "key" in entry ? describeVersion({ ...entry, isMarker: entry.isDeleteMarker }) : `prefix ${entry.prefix}`;

const describeVersion = ({ key, versionId, isMarker, isCurrent }: Version) =>
  `${isMarker ? "marker" : "version"} ${versionId} of ${key}${isCurrent ? ", the latest" : ""}`;

/** What a listing is, without pages and indexes. */
function model(
  versions: Version[],
  { prefix, delimiter, keyMarker }: Pick<VersionQuery, "prefix" | "delimiter" | "keyMarker">,
): string[] {
  const commonPrefix = (text: string) => {
    const position =
      delimiter === "" || !text.startsWith(prefix) ? -1 : text.indexOf(delimiter, prefix.length);
    return position < 0 ? null : text.slice(0, position + delimiter.length);
  };
  const passed = commonPrefix(keyMarker);
  const entries = versions
    .toReversed()
    .filter(({ key }) => key.startsWith(prefix))
    .filter(({ key }) => keyMarker === "" || compare(key, keyMarker) > 0)
    .filter(({ key }) => passed === null || !key.startsWith(passed))
    // Stable: within a key the newest stays first.
    .sort((a, b) => compare(a.key, b.key))
    .map((version) => {
      const common = commonPrefix(version.key);
      return common === null ? describeVersion(version) : `prefix ${common}`;
    });
  return [...new Set(entries)];
}

const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
