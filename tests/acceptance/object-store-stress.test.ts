// Thirty-two clients do at random whatever S3 lets them, lifecycle rules are applied meanwhile, and every few seconds
// the store is killed. What it has answered it must have kept, its counters must be right, and nothing may be left over.
import { createHash, randomInt } from "node:crypto";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Pool } from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openBlobStore } from "#embedded/object-store/blobs.ts";
import { collectOrphans } from "#embedded/object-store/collector.ts";
import { createPool } from "#embedded/object-store/database.ts";
import { scrub } from "#embedded/object-store/scrub/scrub.ts";
import { admin, createTenant, s3Client } from "#embedded/object-store/testing.ts";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import {
  BUCKETS,
  createRandomOperations,
  EXPECTED_ERRORS,
  putRules,
  WrongBytes,
} from "./random-operations.ts";

const WORKERS = 32;
const MS = 35_000;
const QUOTA_BYTES = 96 * 2 ** 20;
const DAY_MS = 86_400_000;

let store: TestObjectStore;
let uid: string;
let s3: S3Client;
let ended = false;
/** What should not have happened. */
const wrong: string[] = [];
let done = 0;
/** Keys whose objects the store has answered for, with their MD5. */
const answered = new Map<string, string>();

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  const tenant = await createTenant(store);
  uid = tenant.uid;
  s3 = s3Client(store, tenant.key, { maxAttempts: 1 });
  for (const Bucket of Object.values(BUCKETS)) await s3.send(new CreateBucketCommand({ Bucket }));
  await putRules(s3);
  const quota = { quota: "", "quota-type": "user", enabled: "true", "max-size": String(QUOTA_BYTES) };
  await admin(store, "PUT", "/user", { uid, ...quota });
});

afterAll(() => store?.stop());

test("nothing is lost, doubled, miscounted or left over, whatever is done at once and whenever it is killed", async () => {
  const until = performance.now() + MS;
  const next = createRandomOperations(s3, answered);
  const all = [...Array.from({ length: WORKERS }, () => work(next)), expire(), watchQuota()];
  while (performance.now() < until) {
    await sleep(2_000 + randomInt(4_000));
    await store.kill();
    await store.start();
  }
  ended = true;
  await Promise.all(all);
  console.log(`  ${done} operations, ${answered.size} objects that must be there`);
  expect(wrong).toEqual([]);
  expect(done).toBeGreaterThan(100);

  const database = createPool(store.databaseUrl, () => {});
  try {
    await expectWhole(database);
  } finally {
    await database.end();
  }
});

async function work(next: ReturnType<typeof createRandomOperations>): Promise<void> {
  while (!ended) {
    const { name, run } = next();
    try {
      await run();
      done += 1;
    } catch (error) {
      const { name: code, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
      const status = $metadata?.httpStatusCode;
      const isExpected = status === undefined || (status < 500 && EXPECTED_ERRORS.includes(code));
      if (!isExpected || error instanceof WrongBytes) wrong.push(`${name}: ${status} ${code} ${message}`);
      // The store was killed in the middle of it, or is not back yet.
      if (status === undefined) await sleep(50);
    }
  }
}

/** Applies the rules again and again, as if it were some days later. */
async function expire(): Promise<void> {
  while (!ended) {
    const now = new Date(Date.now() + randomInt(5) * DAY_MS).toISOString();
    const answer = await admin(store, "POST", "/lifecycle", { process: "", now }).catch(() => null);
    if (answer && answer.status !== 200) wrong.push(`lifecycle: ${JSON.stringify(answer)}`);
    await sleep(200);
  }
}

type Usage = Record<string, { size: number } | undefined>;

async function watchQuota(): Promise<void> {
  while (!ended) {
    const answer = await admin(store, "GET", "/bucket", { uid, stats: "true" }).catch(() => null);
    const usages: Usage[] = answer?.json.map(({ usage }: { usage: Usage }) => usage) ?? [];
    const sizes = usages.map((usage) => (usage["rgw.main"]?.size ?? 0) + (usage["rgw.multimeta"]?.size ?? 0));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total > QUOTA_BYTES) wrong.push(`${total} bytes are more than the quota`);
    await sleep(200);
  }
}

async function expectWhole(database: Pool): Promise<void> {
  expect(await lostObjects()).toEqual([]);
  const { rows: reserved } = await database.query("select * from s3.space_entries where reserved");
  expect(reserved).toEqual([]);
  const { rows: statistics } = await database.query(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  expect(statistics).toEqual([{ deadlocks: 0 }]);

  await store.kill();
  const directory = path.join(store.directory, "objects");
  // What the kills have left between file and row, of whatever age.
  await collectOrphans(database, await openBlobStore(directory), -60_000);
  const report = await scrub({ database, directory, dryRun: true });
  expect(report).toMatchObject({ damage: [], unreferenced: [], counters: [] });
  const { rows } = await database.query(
    "select blob_id from s3.object_versions union all select blob_id from s3.parts",
  );
  const referred = rows.flatMap(({ blob_id }) => (blob_id === null ? [] : [blob_id as string]));
  const names = await readdir(path.join(directory, "blobs"), { recursive: true });
  const files = names.map((name) => path.basename(name)).filter((name) => name.length > 2);
  expect(files.sort()).toEqual(referred.sort());
  await store.start();
}

async function lostObjects(): Promise<string[]> {
  const lost: string[] = [];
  for (const [Key, digest] of answered) {
    const found = await s3.send(new GetObjectCommand({ Bucket: BUCKETS.kept, Key })).then(
      async ({ Body }) =>
        createHash("md5")
          .update((await Body?.transformToByteArray()) ?? "")
          .digest("hex"),
      (error: Error) => error.name,
    );
    if (found !== digest) lost.push(`${Key}: ${found}`);
  }
  return lost;
}
