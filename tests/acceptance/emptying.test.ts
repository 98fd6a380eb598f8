// A full bucket is emptied at a rate worth waiting for and in bounded memory, by a worker that is killed in between.
// EMPTYING_KEYS moves the number of keys; each has two versions, and one in four a delete marker.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { putManyObjects } from "#tests/support/many-objects.ts";
import { startStorage } from "#tests/support/storage.ts";

const KEYS = Number(process.env.EMPTYING_KEYS ?? 100_000);
const LEAST_RATE = 2_000;
/** Of the worker: what lives is 30 MiB, whatever the bucket holds; the rest is what waits to be collected. */
const MOST_WORKER_MIB = 512;
/** Of the store. */
const MOST_STORE_MIB = 512;

const engine = await startStorage();
const { storage, store } = engine;
const { createBucket } = await import("#app/domain/buckets/create-bucket.ts");
const { provisionBucket } = await import("#app/domain/buckets/provision-bucket.ts");
const { findDeletedBucketName } = await import("#app/domain/buckets/read-buckets.ts");
const { emptyBucket } = await import("#app/domain/emptying/empty-bucket.ts");
const { findEmptying } = await import("#app/domain/emptying/read-emptyings.ts");

let worker: ChildProcess | undefined;
afterAll(async () => {
  await kill();
  await engine.stop();
});

test(`${KEYS} keys with older versions and delete markers`, async () => {
  const ours = await engine.makeTenant();
  const { id, name } = await createBucket(ours.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(id, randomUUID());
  await storage.setVersioning({ managementKey: ours.managementKey, bucket: name, versioning: "enabled" });
  const there = await putManyObjects(store.databaseUrl, {
    tenant: ours.tenant,
    bucket: name,
    count: KEYS,
    olderVersions: 1,
    markerEach: 4,
  });
  const total = there.versions + there.markers;
  await emptyBucket(ours.owner, { bucketId: id, name, deletesBucket: true });

  const find = async () => {
    const emptying = await findEmptying(ours.owner, id);
    if (!emptying) throw new Error("nothing was begun");
    return { ...emptying, removed: Number(emptying.removedVersions + emptying.removedMarkers) };
  };
  const waitFor = async (removed: number) => {
    await expect
      .poll(async () => (await find()).removed, { timeout: 120_000, interval: 100 })
      .toBeGreaterThan(removed);
    return { ...(await find()), at: performance.now() };
  };

  startWorker();
  await waitFor(total / 3);
  await kill();
  const killed = await find();
  expect(killed.state).toBe("running");

  startWorker();
  const resumed = await waitFor(killed.removed);
  let memory = 0;
  await expect
    .poll(
      async () => {
        memory = Math.max(memory, peakMiB(worker?.pid));
        return (await find()).state;
      },
      { timeout: 600_000, interval: 100 },
    )
    .toBe("finished");
  const seconds = (performance.now() - resumed.at) / 1_000;
  const ended = await find();
  const rate = (ended.removed - resumed.removed) / seconds;
  console.log(
    `  ${Math.round(rate)} versions a second; the worker took ${memory} MiB, the store ${peakMiB(store.pid())} MiB`,
  );

  // What was removed in the last second before the kill may not have been written down.
  expect(ended.removed).toBeLessThanOrEqual(total);
  expect(ended.removed).toBeGreaterThan(total * 0.8);
  expect(rate).toBeGreaterThan(LEAST_RATE);
  expect(memory).toBeLessThan(MOST_WORKER_MIB);
  expect(peakMiB(store.pid())).toBeLessThan(MOST_STORE_MIB);

  // The bucket goes, which the engine allows with an empty one only; and nothing is counted any more.
  await expect.poll(() => findDeletedBucketName(ours.owner, id), { timeout: 30_000 }).toBe(name);
  expect(await storage.bucketStats({ tenant: ours.tenant })).toEqual([]);
}, 900_000);

function startWorker(): void {
  const main = fileURLToPath(new URL("../../worker.ts", import.meta.url));
  worker = spawn(process.execPath, [main], { stdio: ["ignore", "ignore", "inherit"], env: process.env });
}

async function kill(): Promise<void> {
  if (!worker || worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, "exit");
  worker.kill("SIGKILL");
  await ended;
}

/** The most memory that a process ever had. */
function peakMiB(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024);
}
