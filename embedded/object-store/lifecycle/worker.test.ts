import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BlobStore, openBlobStore } from "../blobs.ts";
import { transaction } from "../database.ts";
import { withTables } from "../testing-database.ts";
import { putVersion } from "../versions.ts";
import type { LifecycleRule } from "./rules.ts";
import { createLifecycleWorker, type LifecycleWorker } from "./worker.ts";

const tables = withTables();
let directory: string;
let blobs: BlobStore;
let now: string;
let bucket: { id: number; name: string };

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "balde-lifecycle-"));
  blobs = await openBlobStore(directory);
  await tables.pool.query("insert into s3.users (name, display_name) values ('owner', 'owner')");
});

afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(async () => {
  now = "2026-01-31T12:00:00Z";
  await tables.pool.query("update s3.buckets set lifecycle = null");
  const { rows } = await tables.pool.query(
    "insert into s3.buckets (tenant, name, owner_id) values ('', gen_random_uuid()::text, 1) returning id, name",
  );
  bucket = rows[0];
});

const EXPIRE_AFTER_3_DAYS = { expiration: { days: 3 } };

test("a bucket is walked through once a day, and when its rules were changed", async () => {
  const worker = newWorker();
  await setRules(EXPIRE_AFTER_3_DAYS);
  await put("a", "2026-01-01T12:00:00Z");
  await worker.applyDue();
  expect(await keys()).toEqual([]);

  await put("a", "2026-01-01T12:00:00Z");
  now = "2026-01-31T23:59:59Z";
  await worker.applyDue();
  expect(await keys()).toEqual(["a"]);

  now = "2026-02-01T00:00:00Z";
  await worker.applyDue();
  expect(await keys()).toEqual([]);

  await put("a", "2026-01-01T12:00:00Z");
  await setRules({ expiration: { days: 4 } });
  await worker.applyDue();
  expect(await keys()).toEqual([]);
});

test("a walk that was interrupted goes on where it was, on the day that it was", async () => {
  await setRules(EXPIRE_AFTER_3_DAYS);
  for (const key of ["a", "b", "c", "d"]) await put(key, "2026-01-27T12:00:00Z");
  const interrupted = newWorker({ seen: 1, deleted: 1 });
  // Stopped while its first step runs.
  const walking = interrupted.applyDue();
  interrupted.stop();
  await walking;
  expect(await keys()).toEqual(["a", "b", "c", "d"]);

  // As a killed process leaves it, after a walk down to "c".
  const { rows } = await tables.pool.query(
    "select id from s3.object_versions where bucket_id = $1 and key = 'c'",
    [bucket.id],
  );
  await tables.pool.query(
    "insert into s3.lifecycle_passes (bucket_id, now, after_key, after_id) values ($1, $2, 'c', $3)",
    [bucket.id, "2026-01-31T12:00:00Z", rows[0].id],
  );
  await put("b2", "2026-01-28T12:00:00Z");
  now = "2026-02-01T12:00:00Z";
  await newWorker().applyDue();
  // "b2" is due on the day of this run, and not on that of the walk.
  expect(await keys()).toEqual(["b2", "c", "d"]);
  await newWorker().applyDue();
  expect(await keys()).toEqual([]);
});

test("a worker that was stopped saves its place after the step that was under way", async () => {
  await setRules(EXPIRE_AFTER_3_DAYS);
  for (const key of ["a", "b", "c"]) await put(key, "2026-01-01T12:00:00Z");
  const worker = newWorker({ seen: 1, deleted: 1 });
  const walking = worker.applyDue();
  await expect.poll(keys, { interval: 1 }).not.toEqual(["a", "b", "c"]);
  worker.stop();
  await walking;
  const left = await keys();
  const { rows } = await tables.pool.query("select * from s3.lifecycle_passes where bucket_id = $1", [
    bucket.id,
  ]);
  if (left.length > 0) expect(rows[0]).toMatchObject({ finished: false });
  await newWorker().applyDue();
  expect(await keys()).toEqual([]);
});

test("an object that is overwritten while the worker waits for it stays", async () => {
  await setRules(EXPIRE_AFTER_3_DAYS);
  await put("a", "2026-01-01T12:00:00Z");
  const walked = await whileLocked("a", async (client) => {
    await putVersion(client, bucket, newVersion("a"), { ifNoneMatch: null, ifMatch: null }, null);
    await client.query("update s3.object_versions set modified_at = $2 where bucket_id = $1", [
      bucket.id,
      now,
    ]);
  });
  expect(walked).toMatchObject({ currentExpired: 0 });
  expect(await keys()).toEqual(["a"]);
});

test("so does one that gets other tags meanwhile", async () => {
  await setRules({ ...EXPIRE_AFTER_3_DAYS, filter: { tags: [{ key: "keep", value: "no" }] } });
  await put("a", "2026-01-01T12:00:00Z", { keep: "no" });
  const walked = await whileLocked(null, async (client) => {
    await client.query(`update s3.object_versions set tags = '{"keep":"yes"}' where bucket_id = $1`, [
      bucket.id,
    ]);
  });
  expect(walked).toMatchObject({ currentExpired: 0 });
  expect(await keys()).toEqual(["a"]);
});

test("nothing is deleted by rules that are no longer the bucket's", async () => {
  await setRules(EXPIRE_AFTER_3_DAYS);
  await put("a", "2026-01-01T12:00:00Z");
  const walked = await whileLocked(null, async (client) => {
    await client.query("update s3.buckets set lifecycle = null where id = $1", [bucket.id]);
  });
  expect(walked).toMatchObject({ currentExpired: 0 });
  expect(await keys()).toEqual(["a"]);
});

test("a key of very many versions is walked through in steps like any other", async () => {
  await tables.pool.query("update s3.buckets set versioning = 'Enabled' where id = $1", [bucket.id]);
  await setRules({ noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: 100 } });
  await tables.pool.query(
    `insert into s3.object_versions (bucket_id, key, version_id, body, size_bytes, etag, modified_at, noncurrent_at)
     select $1, 'a', gen_random_uuid(), '\\x00', 1, 'e', '2026-01-01', case when n < 5000 then '2026-01-02'::timestamptz end
     from generate_series(1, 5000) n order by n`,
    [bucket.id],
  );
  expect(await newWorker().applyAll()).toMatchObject({ noncurrentRemoved: 4899 });
  expect(await keys()).toHaveLength(101);
});

test("versions of very many parts are removed a few at a time, with the files of all parts", async () => {
  const parts = 6000;
  for (const key of ["a", "b", "c"]) {
    const { rows } = await tables.pool.query(
      `insert into s3.uploads (bucket_id, key, initiator, created_at, completed_at)
       values ($1, $2, 'owner', '2026-01-01', '2026-01-01') returning id`,
      [bucket.id, key],
    );
    await tables.pool.query(
      `insert into s3.parts (upload_id, number, blob_id, size_bytes, etag)
       select $1, n, gen_random_uuid(), 1, 'e' from generate_series(1, $2::int) n`,
      [rows[0].id, parts],
    );
    await tables.pool.query(
      `insert into s3.object_versions (bucket_id, key, upload_id, size_bytes, etag, modified_at)
       values ($1, $2, $3, $4, 'e', '2026-01-01')`,
      [bucket.id, key, rows[0].id, parts],
    );
  }
  await setRules(EXPIRE_AFTER_3_DAYS);
  const removed = new Set<string>();
  const recording = { ...blobs, remove: async (id: string) => void removed.add(id) };
  const worker = createLifecycleWorker(
    { database: tables.pool, blobs: recording, logger: pino({ level: "silent" }) },
    { clock: () => Date.parse(now) },
  );
  expect(await worker.applyAll()).toMatchObject({ currentExpired: 3 });
  expect(removed.size).toBe(3 * parts);
  const { rows } = await tables.pool.query("select from s3.uploads where bucket_id = $1", [bucket.id]);
  expect(rows).toEqual([]);
});

function newWorker(stepSize = { seen: 2000, deleted: 500 }): LifecycleWorker {
  return createLifecycleWorker(
    { database: tables.pool, blobs, logger: pino({ level: "silent" }) },
    { clock: () => Date.parse(now), stepSize },
  );
}

/** As a PUT of the configuration does it. */
async function setRules(rule: Partial<LifecycleRule>): Promise<void> {
  const rules = [{ id: "r", enabled: true, form: "and", filter: { tags: [] }, ...rule }];
  await tables.pool.query("update s3.buckets set lifecycle = $2 where id = $1", [bucket.id, { rules }]);
  await tables.pool.query("delete from s3.lifecycle_passes where bucket_id = $1", [bucket.id]);
}

async function put(key: string, modifiedAt: string, tags: Record<string, string> = {}): Promise<void> {
  await putVersion(
    tables.pool,
    bucket,
    { ...newVersion(key), tags },
    { ifNoneMatch: null, ifMatch: null },
    null,
  );
  await tables.pool.query(
    "update s3.object_versions set modified_at = $3 where bucket_id = $1 and key = $2",
    [bucket.id, key, modifiedAt],
  );
}

const newVersion = (key: string) => ({
  key,
  sizeBytes: 0,
  etag: "e",
  checksum: null,
  headers: {},
  metadata: {},
  tags: {},
  body: null,
  blobId: null,
  uploadId: null,
});

async function keys(): Promise<string[]> {
  const { rows } = await tables.pool.query<{ key: string }>(
    "select key from s3.object_versions where bucket_id = $1 order by key",
    [bucket.id],
  );
  return rows.map(({ key }) => key);
}

/** Changes something, and lets the worker run into the locks of the change before that commits. */
async function whileLocked(key: string | null, change: (client: import("pg").PoolClient) => Promise<void>) {
  let walking: ReturnType<LifecycleWorker["applyAll"]> | undefined;
  await transaction(tables.pool, async (client) => {
    if (key !== null) await client.query("select s3.lock_keys($1, $2)", [bucket.id, [key]]);
    await change(client);
    walking = newWorker().applyAll();
    await expect.poll(isWaiting).toBe(true);
  });
  return walking;
}

async function isWaiting(): Promise<boolean> {
  const { rows } = await tables.pool.query(
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows.length > 0;
}
