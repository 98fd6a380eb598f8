import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { startStorage } from "#tests/support/storage.ts";

const engine = await startStorage();
const { createAccessKey } = await import("./create-access-key.ts");
const { readLastUse } = await import("./last-use.ts");
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");

afterAll(() => engine.stop());

test("of each key asked for: when it was used, that it was not, or that it is not known now", async () => {
  const tenant = await engine.makeTenant();
  const bucket = await createBucket(tenant.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(bucket.id, randomUUID());
  const wanted = { name: "x", permission: "read_write", scope: "all" };
  const [used, unused, unasked] = [
    await createAccessKey(tenant.owner, wanted),
    await createAccessKey(tenant.owner, wanted),
    await createAccessKey(tenant.owner, wanted),
  ];
  const theirs = await engine.makeTenant();
  const foreign = await createAccessKey(theirs.owner, wanted);
  const before = Date.now();
  await engine.client(used).put(bucket.name, "a");

  const ids = [used.id, unused.id, foreign.id];
  // The store notes it a moment later.
  await expect
    .poll(async () => (await readLastUse(tenant.owner, ids)).get(used.id), { timeout: 15_000 })
    .toBeInstanceOf(Date);
  const uses = await readLastUse(tenant.owner, ids);
  // To within a minute.
  expect(Math.abs(Number(uses.get(used.id)) - before)).toBeLessThan(61_000);
  expect(uses.get(unused.id)).toBe("never");
  expect([uses.has(foreign.id), uses.has(unasked.id)]).toEqual([false, false]);

  await engine.store.kill();
  expect((await readLastUse(tenant.owner, ids)).get(used.id)).toBe("unknown");
  await engine.store.start();
});
