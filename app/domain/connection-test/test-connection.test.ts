import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";

const engine = await startStorage();
const { createAccessKey } = await import("../access-keys/create-access-key.ts");
const { deactivateAccessKey } = await import("../access-keys/switch-access-key.ts");
const { revokeAccessKey } = await import("../access-keys/revoke-access-key.ts");
const { engineUser } = await import("../access-keys/engine-key.ts");
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");
const { testConnection } = await import("./test-connection.ts");

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
type Key = AccessKeyPair & { id: string };
let ours: Tenant;
let first: { id: string; name: string };
let second: { id: string; name: string };
let key: Key;

beforeAll(async () => {
  ours = await engine.makeTenant();
  first = await activeBucket("a");
  second = await activeBucket("b");
  await engine.client(ours.managementKey).put(second.name, "objeto");
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await queryAsOwner("DELETE FROM rate_limit");
  key = await makeKey({});
});

async function activeBucket(letter: string) {
  const name = `${letter}-${randomUUID().slice(0, 8)}`;
  const { id } = await createBucket(ours.owner, { name });
  await provisionBucket(id, randomUUID());
  return { id, name };
}

const makeKey = (values: object): Promise<Key> =>
  createAccessKey(ours.owner, { name: "k", permission: "read_write", scope: "all", ...values });

const run = (input: object = {}, of: Key = key) =>
  testConnection(ours.owner, { id: of.id, secret: of.secretAccessKey, ...input });

async function findings(input: object = {}, of: Key = key) {
  return (await run(input, of)).map(({ finding }) => finding);
}

const way = ["name.literal", "connection.open", "tls.plainLoopback", "engine.answers"];
/** What was found beyond the way to the engine. */
const beyond = async (input: object = {}, of: Key = key) => {
  const found = await findings(input, of);
  expect(found.slice(0, 4)).toEqual(way);
  return found.slice(4);
};

describe("a key that works", () => {
  test("passes every step; without a tick nothing is written", async () => {
    expect(await beyond()).toEqual([
      "signature.accepted",
      "permission.listsAll",
      "list.empty",
      "read.nothing",
      "write.notAsked",
    ]);
    expect(await beyond({ bucket: second.id })).toEqual([
      "signature.accepted",
      "permission.listsAll",
      "list.listed",
      "read.read",
      "write.notAsked",
    ]);
  });

  test("writes where it is asked to, and leaves nothing behind", async () => {
    expect((await beyond({ write: "on" })).at(-1)).toBe("write.written");
    const { Contents } = await engine.client(ours.managementKey).list(first.name);
    expect(Contents ?? []).toEqual([]);
  });

  test("that only reads is rightly refused to write", async () => {
    const reader = await makeKey({ permission: "read" });
    expect((await beyond({ write: true }, reader)).at(-1)).toBe("write.rightlyDenied");
  });

  test("for one bucket is tested there alone", async () => {
    const narrow = await makeKey({ scope: "chosen", buckets: [second.id] });
    expect(await beyond({}, narrow)).toContain("read.read");
    await expect(run({ bucket: first.id }, narrow)).rejects.toMatchObject({
      issues: [{ path: ["bucket"], message: "bucketGone" }],
    });
  });

  test("pasted with spaces around its secret is not told that it is wrong", async () => {
    expect(await beyond({ secret: `  ${key.secretAccessKey}\n` })).toContain("signature.accepted");
  });
});

describe("without a secret", () => {
  test("the way is tested, and what the console knows is said", async () => {
    expect(await beyond({ secret: undefined })).toEqual(["signature.noSecret"]);
    await deactivateAccessKey(ours.owner, { id: key.id });
    expect(await beyond({ secret: undefined })).toEqual(["signature.inactive"]);
  });
});

describe("what is wrong is told apart", () => {
  test("a wrong secret", async () => {
    expect(await beyond({ secret: "x".repeat(40) })).toEqual(["signature.wrongSecret"]);
  });

  test("a key that was deactivated, and one that was revoked", async () => {
    await deactivateAccessKey(ours.owner, { id: key.id });
    expect(await beyond()).toEqual(["signature.inactive"]);
    await revokeAccessKey(ours.owner, { id: key.id });
    expect(await beyond()).toEqual(["signature.revoked"]);
  });

  test("a key that somebody removed at the engine", async () => {
    await engine.storage.revokeAccessKey({ tenant: ours.tenant, user: engineUser(key.id) });
    expect(await beyond()).toEqual(["signature.unknownKey"]);
  });

  test("a key whose day is over, which the engine refuses by its policy", async () => {
    await queryAsOwner("UPDATE access_key SET expires_at = now() - interval '1 minute' WHERE id = $1", [
      key.id,
    ]);
    const { applyToEngine } = await import("../access-keys/apply-to-engine.ts");
    await applyToEngine(ours.account.id, key.id);
    expect(await beyond()).toEqual(["signature.expired"]);
  });

  test("an account that is suspended", async () => {
    const tenant = await engine.makeTenant();
    const theirs = await createAccessKey(tenant.owner, { name: "k", permission: "read", scope: "all" });
    await queryAsOwner("UPDATE account SET state = 'suspended' WHERE id = $1", [tenant.account.id]);
    await engine.storage.suspendTenant(tenant.tenant);
    const results = await testConnection(tenant.owner, { id: theirs.id, secret: theirs.secretAccessKey });
    expect(results.at(-1)?.finding).toBe("signature.suspended");
  });

  test("a key that is stopped here, and still accepted there", async () => {
    await queryAsOwner("UPDATE access_key SET state = 'deactivating' WHERE id = $1", [key.id]);
    expect((await beyond())[0]).toBe("signature.stillAccepted");
  });

  test("a key that reaches no bucket", async () => {
    const tenant = await engine.makeTenant();
    const theirs = await createAccessKey(tenant.owner, { name: "k", permission: "read", scope: "all" });
    const results = await testConnection(tenant.owner, { id: theirs.id, secret: theirs.secretAccessKey });
    expect(results.at(-1)?.finding).toBe("permission.reachesNothing");
  });

  test("a bucket that is gone at the engine", async () => {
    const gone = await activeBucket("c");
    await engine.storage.deleteBucket({ managementKey: ours.managementKey, bucket: gone.name });
    const found = await beyond({ bucket: gone.id });
    expect(found).toContain("permission.listsSome");
    expect(found.at(-1)).toBe("list.missing");
    await queryAsOwner("UPDATE bucket SET deleted_at = now() WHERE id = $1", [gone.id]);
  });
});

test("another account's key does not exist, for the provider's staff neither", async () => {
  const theirs = await engine.makeTenant();
  await expect(testConnection(theirs.owner, { id: key.id })).rejects.toMatchObject({ code: "not-found" });
});

test("past its limit it asks nothing more of the engine", async () => {
  for (let n = 0; n < 20; n++) await run({ secret: undefined });
  await expect(run({ secret: undefined })).rejects.toMatchObject({ code: "too-many-attempts" });
});

test("the secret stands nowhere in the database, and in no result", async () => {
  const wrong = `${"Q".repeat(30)}${randomUUID().slice(0, 8)}`;
  const results = JSON.stringify([await run(), await run({ secret: wrong }), await run({ write: true })]);
  for (const secret of [key.secretAccessKey, wrong]) {
    expect(results).not.toContain(secret);
    const tables = await queryAsOwner<{ name: string }>(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
       WHERE schemaname IN ('public', 'pgboss')`,
    );
    for (const { name } of tables) {
      const rows = await queryAsOwner(`SELECT 1 FROM ${name} t WHERE strpos(t::text, $1) > 0`, [secret]);
      expect([name, rows]).toEqual([name, []]);
    }
  }
  const [event] = await queryAsOwner<{ details: object }>(
    "SELECT details FROM audit_event WHERE action = 'access-keys:test' AND resource_id = $1 LIMIT 1",
    [key.id],
  );
  expect(event?.details).toEqual({ bucket: first.name, signed: true, write: false });
});

test("an engine that is down is found out within seconds", async () => {
  await engine.store.kill();
  const startedAt = performance.now();
  expect(await findings()).toEqual(["name.literal", "connection.refused"]);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  await engine.store.start();
});
