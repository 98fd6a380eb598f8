import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BlobStore, openBlobStore } from "../blobs.ts";
import { withTables } from "../testing-database.ts";
import { deleteVersions, putVersion } from "../versions.ts";
import { DAY_MS } from "./age.ts";
import type { LifecycleRule } from "./rules.ts";
import { type ModelUpload, type ModelVersion, modelUploads, modelVersions } from "./testing-model.ts";
import { createLifecycleWorker } from "./worker.ts";

const tables = withTables();
let directory: string;
let blobs: BlobStore;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "balde-lifecycle-"));
  blobs = await openBlobStore(directory);
  await tables.pool.query("insert into s3.users (name, display_name) values ('owner', 'owner')");
});

afterAll(() => rm(directory, { recursive: true, force: true }));

// After any time at which this test will run: what the worker makes is then dated by its clock.
const START = Date.parse("2100-01-01T00:00:00Z");
const NOW = START + 20 * DAY_MS + 3_600_000;

// Set LIFECYCLE_RUNS for more.
const RUNS = Number(process.env.LIFECYCLE_RUNS ?? 100);

test("does to any bucket, by any rules, in steps of any size, what the model does", async () => {
  await fc.assert(fc.asyncProperty(histories, ruleSets, stepSizes, expectAgreement), { numRuns: RUNS });
}, 60_000);

type Change = { put: boolean; key: string; sizeBytes: number; tags: Record<string, string>; gapMs: number };
type History = { phases: { versioning: string | null; changes: Change[] }[]; uploads: ModelUpload[] };

const keys = fc.constantFrom("a", "a/1", "a/2", "b/1", "é", "\u{10ffff}");
const prefixes = fc.constantFrom("", "a", "a/", "b", "é");
const tagValues = fc.constantFrom("x", "y");
const moments = fc.oneof(
  fc.nat(20 * DAY_MS),
  fc.nat(20).map((days) => days * DAY_MS),
);
const changes = fc.array(
  fc.record({
    put: fc.boolean(),
    key: keys,
    sizeBytes: fc.constantFrom(0, 1, 100, 101),
    tags: fc.dictionary(fc.constantFrom("k", "l"), tagValues, { noNullPrototype: true }),
    gapMs: fc.oneof(fc.nat(2 * DAY_MS), fc.constantFrom(0, DAY_MS)),
  }),
  { maxLength: 10 },
);
// As a bucket can live: without versions, then with them, then on and off.
const histories: fc.Arbitrary<History> = fc.record({
  phases: fc
    .tuple(changes, changes, changes, changes, fc.integer({ min: 1, max: 4 }))
    .map(([before, enabled, suspended, again, phases]) =>
      [
        { versioning: null, changes: before },
        { versioning: "Enabled", changes: enabled },
        { versioning: "Suspended", changes: suspended },
        { versioning: "Enabled", changes: again },
      ].slice(0, phases),
    ),
  uploads: fc.array(fc.record({ key: keys, createdAt: moments.map((ms) => START + ms) }), { maxLength: 4 }),
});

const days = fc.integer({ min: 1, max: 12 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const filters = fc.record({
  prefix: optional(prefixes),
  tags: fc.uniqueArray(fc.record({ key: fc.constantFrom("k", "l"), value: tagValues }), {
    selector: ({ key }) => key,
    maxLength: 1,
  }),
  sizeGreaterThan: optional(fc.constantFrom(0, 100)),
  sizeLessThan: optional(fc.constantFrom(1, 101)),
});
const ruleSets: fc.Arbitrary<LifecycleRule[]> = fc.array(
  fc.record(
    {
      id: fc.uuid(),
      enabled: fc.nat(5).map((n) => n > 0),
      form: fc.constant("and" as const),
      filter: filters,
      expiration: fc.oneof(
        days.map((days) => ({ days })),
        fc.nat(25).map((n) => ({ date: new Date(START + n * DAY_MS).toISOString() })),
        fc.boolean().map((expiredObjectDeleteMarker) => ({ expiredObjectDeleteMarker })),
      ),
      noncurrentVersionExpiration: fc.record({
        noncurrentDays: days,
        newerNoncurrentVersions: optional(fc.integer({ min: 1, max: 3 })),
      }),
      abortIncompleteMultipartUpload: fc.record({ daysAfterInitiation: days }),
    },
    { requiredKeys: ["id", "enabled", "form", "filter"] },
  ),
  { minLength: 1, maxLength: 3 },
);
const stepSizes = fc.record({
  seen: fc.integer({ min: 1, max: 8 }),
  deleted: fc.integer({ min: 1, max: 4 }),
});

async function expectAgreement(
  history: History,
  rules: LifecycleRule[],
  stepSize: { seen: number; deleted: number },
): Promise<void> {
  const bucketId = await makeBucket(history, rules);
  const versioning = history.phases.at(-1)?.versioning ?? null;
  const blobsBefore = await readBlobs(bucketId);
  const removedBlobs: string[] = [];
  const recording = { ...blobs, remove: async (id: string) => void removedBlobs.push(id) };
  const worker = createLifecycleWorker(
    { database: tables.pool, blobs: recording, logger: pino({ level: "silent" }) },
    { stepSize },
  );
  let versions = await readVersions(bucketId);
  let uploads = history.uploads;
  // A second day finds what the first one made; the same day again finds nothing to do.
  for (const now of [NOW, NOW + DAY_MS, NOW + 3 * DAY_MS, NOW + 3 * DAY_MS + 1]) {
    versions = modelVersions(versions, rules, versioning, now);
    uploads = modelUploads(uploads, rules, now);
    await worker.applyAll(new Date(now));
    expect(await readVersions(bucketId)).toEqual(versions.sort(byKey));
    expect(await readUploads(bucketId)).toEqual(
      uploads.sort((one, other) => byKey(one, other) || one.createdAt - other.createdAt),
    );
    await expectCounted(bucketId, versions);
    expect([...removedBlobs, ...(await readBlobs(bucketId))].sort()).toEqual(blobsBefore);
  }
  await tables.pool.query("update s3.buckets set lifecycle = null where id = $1", [bucketId]);
}

const byKey = (one: { key: string }, other: { key: string }) =>
  Buffer.compare(Buffer.from(one.key), Buffer.from(other.key));

async function makeBucket({ phases, uploads }: History, rules: LifecycleRule[]): Promise<number> {
  const { pool } = tables;
  const { rows } = await pool.query(
    `insert into s3.buckets (tenant, name, owner_id, lifecycle) values ('', gen_random_uuid()::text, 1, $1)
     returning id, name`,
    [{ rules, transitionDefaultMinimumObjectSize: "all_storage_classes_128K" }],
  );
  const bucket: { id: number; name: string } = rows[0];
  let at = START;
  for (const { versioning, changes } of phases) {
    await pool.query("update s3.buckets set versioning = $2 where id = $1", [bucket.id, versioning]);
    for (const change of changes) {
      at += change.gapMs;
      await apply(bucket, change);
      // What this change made, and what it put in the past, happened at its time.
      await pool.query(
        `update s3.object_versions
         set modified_at = case when modified_at < '2099-01-01' then $2 else modified_at end,
           noncurrent_at = case when noncurrent_at < '2099-01-01' then $2 else noncurrent_at end
         where bucket_id = $1 and (modified_at < '2099-01-01' or noncurrent_at < '2099-01-01')`,
        [bucket.id, new Date(at)],
      );
    }
  }
  for (const { key, createdAt } of uploads) {
    await pool.query(
      "insert into s3.uploads (bucket_id, key, initiator, created_at) values ($1, $2, 'owner', $3)",
      [bucket.id, key, new Date(createdAt)],
    );
  }
  return bucket.id;
}

async function apply(
  bucket: { id: number; name: string },
  { put, key, sizeBytes, tags }: Change,
): Promise<void> {
  if (!put) {
    await deleteVersions(tables.pool, bucket, [{ key }]);
    return;
  }
  const object = { key, sizeBytes, tags, etag: "e", checksum: null, headers: {}, metadata: {} };
  // The largest stand for those that have a file.
  const blobId = sizeBytes > 100 ? randomUUID() : null;
  const body = sizeBytes === 0 || blobId ? null : Buffer.alloc(sizeBytes);
  await putVersion(
    tables.pool,
    bucket,
    { ...object, body, blobId, uploadId: null },
    { ifNoneMatch: null, ifMatch: null },
    null,
  );
}

/** By key, and within a key the oldest first. */
async function readVersions(bucketId: number): Promise<ModelVersion[]> {
  const { rows } = await tables.pool.query(
    `select key, version_id is null as "isNull", is_delete_marker as "isDeleteMarker", size_bytes as "sizeBytes", tags,
       (extract(epoch from modified_at) * 1000)::bigint as "modifiedAt",
       (extract(epoch from noncurrent_at) * 1000)::bigint as "noncurrentAt"
     from s3.object_versions where bucket_id = $1 order by key, id`,
    [bucketId],
  );
  return rows;
}

async function readUploads(bucketId: number): Promise<ModelUpload[]> {
  const { rows } = await tables.pool.query(
    `select key, (extract(epoch from created_at) * 1000)::bigint as "createdAt"
     from s3.uploads where bucket_id = $1 and completed_at is null order by key, created_at`,
    [bucketId],
  );
  return rows;
}

async function readBlobs(bucketId: number): Promise<string[]> {
  const { rows } = await tables.pool.query<{ blob_id: string }>(
    "select blob_id from s3.object_versions where bucket_id = $1 and blob_id is not null order by blob_id",
    [bucketId],
  );
  return rows.map(({ blob_id }) => blob_id);
}

/** The bucket's space is what its versions take. */
async function expectCounted(bucketId: number, versions: ModelVersion[]): Promise<void> {
  const { rows } = await tables.pool.query(
    `select b.current_bytes + coalesce(sum(e.current_bytes), 0)::bigint as "currentBytes",
       b.current_count + coalesce(sum(e.current_count), 0)::bigint as "currentCount",
       b.noncurrent_bytes + coalesce(sum(e.noncurrent_bytes), 0)::bigint as "noncurrentBytes",
       b.noncurrent_count + coalesce(sum(e.noncurrent_count), 0)::bigint as "noncurrentCount",
       b.delete_marker_count + coalesce(sum(e.delete_marker_count), 0)::bigint as "deleteMarkerCount"
     from s3.buckets b left join s3.space_entries e on e.bucket_id = b.id where b.id = $1 group by b.id`,
    [bucketId],
  );
  const objects = versions.filter((version) => !version.isDeleteMarker);
  const [current, noncurrent] = [true, false].map((isCurrent) =>
    objects.filter(({ noncurrentAt }) => (noncurrentAt === null) === isCurrent),
  ) as [ModelVersion[], ModelVersion[]];
  const bytes = (of: ModelVersion[]) => of.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  expect(rows[0]).toEqual({
    currentBytes: bytes(current),
    currentCount: current.length,
    noncurrentBytes: bytes(noncurrent),
    noncurrentCount: noncurrent.length,
    deleteMarkerCount: versions.length - objects.length,
  });
}
