// Programs that upload without pause while the key that they use is replaced by another.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { startSteadyClient, type Upload } from "#tests/support/steady-client.ts";
import { startStorage } from "#tests/support/storage.ts";

const engine = await startStorage();
const { createAccessKey } = await import("#app/domain/access-keys/create-access-key.ts");
const { createBucket } = await import("#app/domain/buckets/create-bucket.ts");
const { provisionBucket } = await import("#app/domain/buckets/provision-bucket.ts");
const { startRotation } = await import("#app/domain/rotations/start-rotation.ts");

let worker: ChildProcess;
beforeAll(() => {
  worker = spawn(process.execPath, ["worker.ts"], { stdio: "inherit" });
});
afterAll(async () => {
  worker.kill("SIGTERM");
  await once(worker, "exit");
  await engine.stop();
});

const refused = (uploads: Upload[]) => uploads.filter(({ error }) => error !== null);

test("see no failure before the announced end; after it the old key is refused within seconds", async () => {
  const tenant = await engine.makeTenant();
  const { id, name: bucket } = await createBucket(tenant.owner, {
    name: `balde-${randomUUID().slice(0, 8)}`,
  });
  await provisionBucket(id, randomUUID());
  const old = await createAccessKey(tenant.owner, {
    name: "cópia",
    permission: "read_write",
    scope: "chosen",
    buckets: [id],
  });
  const to = { endpoint: engine.store.endpoint, region: engine.store.region, bucket };
  const diligent = startSteadyClient(to, old);
  const missed = startSteadyClient(to, old);
  await sleep(300);

  const made = await startRotation(tenant.owner, { id: old.id, name: "cópia 2", overlap: "1" });
  const until = await bringForward(old.id, 4);
  diligent.use(made);
  await expect.poll(() => refused(missed.uploads).length, { timeout: 20_000 }).toBeGreaterThan(0);
  const [moved, left] = await Promise.all([diligent.stop(), missed.stop()]);

  expect(refused(moved)).toEqual([]);
  expect(new Set(moved.map(({ accessKeyId }) => accessKeyId))).toEqual(
    new Set([old.accessKeyId, made.accessKeyId]),
  );
  // What was answered before the end was taken, all of it, and there was some up to the very end.
  const before = left.filter(({ endedAt }) => endedAt < until.getTime());
  expect(refused(before)).toEqual([]);
  expect(before.at(-1)?.startedAt).toBeGreaterThan(until.getTime() - 1_000);
  const [first] = refused(left);
  expect(first?.error).toMatch(/InvalidAccessKeyId|AccessDenied/);
  expect(first?.startedAt).toBeLessThan(until.getTime() + 5_000);
  const ended = "SELECT 1 FROM access_key_rotation WHERE old_key_id = $1 AND state = 'finished'";
  await expect.poll(() => queryAsOwner(ended, [old.id])).toHaveLength(1);
});

/** Brings the announced end forward, and the job that waits for it: days become seconds. */
async function bringForward(oldKeyId: string, seconds: number): Promise<Date> {
  const [rotation] = await queryAsOwner<{ before: Date; until: Date }>(
    `UPDATE access_key_rotation r SET until = now() + $2::int * interval '1 second'
     FROM access_key_rotation was WHERE was.id = r.id AND r.old_key_id = $1
     RETURNING was.until AS before, r.until`,
    [oldKeyId, seconds],
  );
  if (!rotation) throw new Error("the key is in no rotation");
  const { before, until } = rotation;
  const jobs = await queryAsOwner(
    `UPDATE pgboss.job SET start_after = $2 WHERE name = 'settle-rotations' AND start_after = $1 RETURNING id`,
    [before, until],
  );
  expect(jobs).toHaveLength(1);
  return until;
}
