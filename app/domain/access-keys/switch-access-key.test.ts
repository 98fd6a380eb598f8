import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage, statusOf } from "#tests/support/storage.ts";

const engine = await startStorage();
const { storage } = engine;
const { createAccessKey } = await import("./create-access-key.ts");
const { engineUser, readGrant } = await import("./engine-key.ts");
const { forgetBucket } = await import("./forget-bucket.ts");
const { finishRevocation, revokeAccessKey } = await import("./revoke-access-key.ts");
const { settleAccessKeys } = await import("./settle-access-keys.ts");
const { deactivateAccessKey, finishSwitch, reactivateAccessKey } = await import("./switch-access-key.ts");
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");
const { compare } = await import("../reconciliation/compare.ts");
const { systemContext } = await import("../context.ts");
const { contextOf } = await import("#tests/support/contexts.ts");

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let ours: Tenant;
let bucket: { id: string; name: string };
let key: AccessKeyPair & { id: string };

beforeAll(async () => {
  ours = await engine.makeTenant();
  bucket = await activeBucket();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  key = await createAccessKey(ours.owner, { name: "cópia", permission: "read_write", scope: "all" });
});

async function activeBucket() {
  const { id, name } = await createBucket(ours.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(id, randomUUID());
  return { id, name };
}

/** What a program with the key gets. */
const status = (pair = key) => statusOf(engine.client(pair).list(bucket.name));

async function rowOf(id: string) {
  const [row] = await queryAsOwner<{ state: string; last_error: string | null }>(
    "SELECT state, last_error FROM access_key WHERE id = $1",
    [id],
  );
  return row;
}

async function setState(id: string, state: string) {
  await queryAsOwner("UPDATE access_key SET state = $2::access_key_state WHERE id = $1", [id, state]);
}

async function isActiveAtEngine(id: string) {
  const keys = await storage.listAccessKeys(ours.tenant);
  return keys.find(({ user }) => user === engineUser(id))?.active;
}

describe("stopping and waking", () => {
  test("the same client is refused, and let in again with the same secret and permission", async () => {
    expect(await deactivateAccessKey(ours.owner, { id: key.id })).toEqual({ id: key.id, state: "inactive" });
    expect(await status()).toBe(403);
    expect(await reactivateAccessKey(ours.owner, { id: key.id })).toEqual({ id: key.id, state: "active" });
    expect(await status()).toBe(200);
    await engine.client(key).put(bucket.name, "de novo");
  });

  test("again is as good as once", async () => {
    await deactivateAccessKey(ours.owner, { id: key.id });
    expect(await deactivateAccessKey(ours.owner, { id: key.id })).toEqual({ id: key.id, state: "inactive" });
    await reactivateAccessKey(ours.owner, { id: key.id });
    expect(await reactivateAccessKey(ours.owner, { id: key.id })).toEqual({ id: key.id, state: "active" });
  });

  test("stands in the account's log, by whom and from what to what", async () => {
    await deactivateAccessKey(ours.owner, { id: key.id });
    const events = await queryAsOwner<{ action: string; details: object }>(
      "SELECT action, details FROM audit_event WHERE resource_id = $1 ORDER BY occurred_at, id",
      [key.id],
    );
    expect(events.slice(-2)).toEqual([
      {
        action: "access-keys:deactivate",
        details: { before: { state: "active" }, after: { state: "deactivating" } },
      },
      {
        action: "access-keys:settle",
        details: { before: { state: "deactivating" }, after: { state: "inactive" } },
      },
    ]);
  });

  test.each(["provisioning", "revoking", "revoked"])("not while it is %s", async (state) => {
    await setState(key.id, state);
    for (const command of [deactivateAccessKey, reactivateAccessKey])
      await expect(command(ours.owner, { id: key.id })).rejects.toMatchObject({ code: "conflict" });
    expect(await rowOf(key.id)).toMatchObject({ state });
  });

  test("another account's key does not exist", async () => {
    const theirs = await engine.makeTenant();
    for (const command of [deactivateAccessKey, reactivateAccessKey])
      await expect(command(theirs.owner, { id: key.id })).rejects.toMatchObject({ code: "not-found" });
    expect(await status()).toBe(200);
  });
});

describe("an engine that is down", () => {
  test("nothing claims to be done, a job goes on, and the other way round too", async () => {
    await engine.store.kill();
    expect(await deactivateAccessKey(ours.owner, { id: key.id })).toMatchObject({ state: "deactivating" });
    expect(await rowOf(key.id)).toEqual({ state: "deactivating", last_error: "unavailable" });
    const jobs = await queryAsOwner(
      "SELECT 1 FROM pgboss.job WHERE name = 'switch-access-key' AND data->>'id' = $1",
      [key.id],
    );
    expect(jobs).toHaveLength(1);
    await expect(finishSwitch(key.id, randomUUID())).rejects.toMatchObject({ code: "unavailable" });
    await engine.store.start();
    expect(await status()).toBe(200);
    await finishSwitch(key.id, randomUUID());
    expect(await rowOf(key.id)).toEqual({ state: "inactive", last_error: null });
    expect(await status()).toBe(403);
  });

  test("who asks for it may change their mind before it is done", async () => {
    await setState(key.id, "deactivating");
    expect(await reactivateAccessKey(ours.owner, { id: key.id })).toMatchObject({ state: "active" });
    await setState(key.id, "reactivating");
    expect(await deactivateAccessKey(ours.owner, { id: key.id })).toMatchObject({ state: "inactive" });
    expect(await status()).toBe(403);
  });

  test("the job of the first of two, run late, does what the second one said", async () => {
    await deactivateAccessKey(ours.owner, { id: key.id });
    await reactivateAccessKey(ours.owner, { id: key.id });
    // A request that was given up arrives at the engine after all.
    const grant = await readGrant(ours.account.id, key.id);
    if (!grant) throw new Error("the key is there");
    await storage.setAccessKeyActive({ ...grant, tenant: ours.tenant, active: false });
    expect(await status()).toBe(403);
    await finishSwitch(key.id, randomUUID());
    expect(await status()).toBe(200);
    expect(await rowOf(key.id)).toMatchObject({ state: "active" });
  });
});

describe("at once", () => {
  test("stopping and waking end with console and engine of one mind, whoever is last", async () => {
    for (let round = 0; round < 8; round++) {
      await Promise.allSettled(
        [deactivateAccessKey, reactivateAccessKey, deactivateAccessKey, reactivateAccessKey].map((command) =>
          command(ours.owner, { id: key.id }),
        ),
      );
      const state = (await rowOf(key.id))?.state;
      expect(["active", "inactive"]).toContain(state);
      expect([round, await isActiveAtEngine(key.id)]).toEqual([round, state === "active"]);
    }
  });

  test("revoking wins over both, and the key stays gone", async () => {
    await Promise.allSettled([
      deactivateAccessKey(ours.owner, { id: key.id }),
      revokeAccessKey(ours.owner, { id: key.id }),
      reactivateAccessKey(ours.owner, { id: key.id }),
    ]);
    await revokeAccessKey(ours.owner, { id: key.id });
    await finishSwitch(key.id, randomUUID());
    expect(await rowOf(key.id)).toMatchObject({ state: "revoked" });
    expect(await isActiveAtEngine(key.id)).toBeUndefined();
    expect(await status()).toBe(403);
  });

  test.each(["deactivating", "inactive", "reactivating"])(
    "a key that is %s can be revoked",
    async (state) => {
      await setState(key.id, state);
      expect(await revokeAccessKey(ours.owner, { id: key.id })).toMatchObject({ state: "revoked" });
      await finishSwitch(key.id, randomUUID());
      expect(await rowOf(key.id)).toMatchObject({ state: "revoked" });
    },
  );

  test.each(["deactivating", "reactivating"])("a key that is %s expires", async (state) => {
    await setState(key.id, state);
    await queryAsOwner("UPDATE access_key SET expires_at = now() - interval '1 second' WHERE id = $1", [
      key.id,
    ]);
    await settleAccessKeys(randomUUID());
    expect(await rowOf(key.id)).toMatchObject({ state: "revoking" });
    await finishSwitch(key.id, randomUUID());
    await finishRevocation(key.id, randomUUID());
    expect(await rowOf(key.id)).toMatchObject({ state: "revoked" });
  });
});

test("a key that somebody removed at the engine is not said to work", async () => {
  await deactivateAccessKey(ours.owner, { id: key.id });
  await storage.revokeAccessKey({ tenant: ours.tenant, user: engineUser(key.id) });
  expect(await reactivateAccessKey(ours.owner, { id: key.id })).toMatchObject({ state: "inactive" });
  expect(await rowOf(key.id)).toEqual({ state: "inactive", last_error: "not-found" });
});

describe("a suspended account", () => {
  const suspend = (state: "suspended" | "active") =>
    queryAsOwner("UPDATE account SET state = $2::account_state WHERE id = $1", [ours.account.id, state]);
  afterAll(() => suspend("active"));

  test("a key that is stopped while it lasts stays stopped after it; none is woken in it", async () => {
    const other = await createAccessKey(ours.owner, { name: "b", permission: "read", scope: "all" });
    const woken = await createAccessKey(ours.owner, { name: "c", permission: "read", scope: "all" });
    await deactivateAccessKey(ours.owner, { id: woken.id });
    await setState(woken.id, "reactivating");
    await suspend("suspended");
    await storage.suspendTenant(ours.tenant);
    const owner = await contextOf((ours.owner.actor as { userId: string }).userId, ours.account.id);
    expect(await deactivateAccessKey(owner, { id: key.id })).toMatchObject({ state: "inactive" });
    await expect(reactivateAccessKey(owner, { id: key.id })).rejects.toMatchObject({
      code: "account-not-active",
    });
    // Asked for before the account was suspended: the engine is told once that is over.
    await finishSwitch(woken.id, randomUUID());
    expect(await rowOf(woken.id)).toMatchObject({ state: "active" });
    expect(await status(woken)).toBe(403);

    await suspend("active");
    const active = await queryAsOwner<{ id: string }>(
      "SELECT id FROM access_key WHERE account_id = $1 AND state = 'active'",
      [ours.account.id],
    );
    const grants = await Promise.all(active.map(({ id }) => readGrant(ours.account.id, id)));
    const keys = grants.flatMap((grant) => grant ?? []);
    await storage.resumeTenant({ tenant: ours.tenant, keys });
    expect([await status(), await status(other), await status(woken)]).toEqual([403, 200, 200]);
  });
});

test("a deleted bucket is taken out of a stopped key without waking it", async () => {
  const gone = await activeBucket();
  const { id } = await createAccessKey(ours.owner, {
    name: "d",
    permission: "read",
    scope: "chosen",
    buckets: [gone.id, bucket.id],
  });
  await deactivateAccessKey(ours.owner, { id });
  await forgetBucket(systemContext("delete-bucket", ours.account.id, randomUUID()), gone.id);
  expect(await isActiveAtEngine(id)).toBe(false);
});

test.each(["deactivating", "reactivating"] as const)(
  "reconciliation says nothing of a key that is %s",
  (state) => {
    const console = {
      account: {
        state: "active" as const,
        name: "Conta",
        tenant: "t",
        managementAccessKeyId: "M",
        storageBytes: null,
      },
      buckets: new Map(),
      keys: new Map([
        [
          "k",
          {
            id: randomUUID(),
            name: "k",
            accessKeyId: "K",
            state,
            isReleasing: false,
            grant: { permission: "read" as const, buckets: "all" as const, expiresAt: null },
          },
        ],
      ]),
    };
    const found = compare({
      before: console,
      after: console,
      engine: emptyEngine,
      revoked: new Map(),
      keepsExpiry: true,
    });
    expect([...found.changing]).toContain("key k");
    expect(found.differences.filter(({ resource }) => resource === "k")).toEqual([]);
  },
);

const emptyEngine = { tenant: "t", owner: null, buckets: [], accessKeys: [] };
