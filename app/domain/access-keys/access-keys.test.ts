import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage, statusOf } from "#tests/support/storage.ts";

const engine = await startStorage();
const { storage } = engine;
const { createAccessKey } = await import("./create-access-key.ts");
const { engineUser, readGrant } = await import("./engine-key.ts");
const { forgetBucket } = await import("./forget-bucket.ts");
const { finishRevocation, revokeAccessKey } = await import("./revoke-access-key.ts");
const { settleAccessKeys } = await import("./settle-access-keys.ts");
const { getAccessKey, listAccessKeys, listGrantableBuckets } = await import("./read-access-keys.ts");
const { systemContext } = await import("../context.ts");
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let ours: Tenant;
let theirs: Tenant;
let bucket: { id: string; name: string };
let other: { id: string; name: string };

beforeAll(async () => {
  ours = await engine.makeTenant();
  theirs = await engine.makeTenant();
  bucket = await activeBucket(ours);
  other = await activeBucket(ours);
});
afterAll(() => engine.stop());

async function activeBucket(tenant: Tenant) {
  const { id, name } = await createBucket(tenant.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(id, randomUUID());
  return { id, name };
}

const wanted = { name: "backup noturno", permission: "read_write", scope: "all" } as const;

async function rowOf(id: string) {
  const [row] = await queryAsOwner<{ state: string; last_error: string | null }>(
    "SELECT state, last_error FROM access_key WHERE id = $1",
    [id],
  );
  return row;
}

async function engineUsers(tenant: Tenant) {
  return (await storage.listAccessKeys(tenant.tenant)).map(({ user }) => user);
}

describe("creating", () => {
  test("answers a key that works at once, and that the console does not know the secret of", async () => {
    const created = await createAccessKey(ours.owner, wanted);
    const s3 = engine.client(created);
    await s3.put(bucket.name, "a");
    expect(await s3.get(bucket.name, "a")).toBe("olá");
    expect(await getAccessKey(ours.owner, created.id)).toMatchObject({
      name: "backup noturno",
      accessKeyId: created.accessKeyId,
      state: "active",
      createdBy: "Maria Teste",
      expiresAt: null,
    });
    const listed = (await listAccessKeys(ours.owner, {})).accessKeys.find(({ id }) => id === created.id);
    expect(listed?.maskedId).toBe(`${created.accessKeyId.slice(0, 8)}…`);
    expect(JSON.stringify(listed)).not.toContain(created.accessKeyId);
  });

  test("permission and chosen buckets are held by the engine", async () => {
    await engine.client(ours.managementKey).put(bucket.name, "lida");
    const created = await createAccessKey(ours.owner, {
      ...wanted,
      permission: "read",
      scope: "chosen",
      // As a form with one tick sends it.
      buckets: bucket.id,
    });
    const s3 = engine.client(created);
    expect(await s3.get(bucket.name, "lida")).toBe("olá");
    expect(await statusOf(s3.put(bucket.name, "nova"))).toBe(403);
    expect(await statusOf(s3.list(other.name))).toBe(403);
    expect((await getAccessKey(ours.owner, created.id)).buckets).toEqual([bucket]);
  });

  test("a form that is posted twice makes one key, and shows its secret in one answer", async () => {
    const requestId = randomUUID();
    const answers = await Promise.allSettled(
      [1, 2, 3].map(() => createAccessKey(ours.owner, { ...wanted, requestId })),
    );
    const [shown] = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    const refusals = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
    expect(refusals).toHaveLength(2);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: "secret-already-shown", params: { id: shown?.id } });
    }
    const rows = await queryAsOwner("SELECT 1 FROM access_key WHERE request_id = $1", [requestId]);
    expect(rows).toHaveLength(1);
  });

  test("of two at once under the last place of a quota exactly one wins", async () => {
    const tenant = await engine.makeTenant();
    await queryAsOwner(
      "UPDATE quota SET limit_value = 1 WHERE account_id = $1 AND resource = 'access_keys'",
      [tenant.account.id],
    );
    const attempts = await Promise.allSettled([1, 2].map(() => createAccessKey(tenant.owner, wanted)));
    expect(attempts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await engineUsers(tenant)).toHaveLength(1);

    // A revoked key takes no place.
    const { accessKeys } = await listAccessKeys(tenant.owner, {});
    await revokeAccessKey(tenant.owner, { id: accessKeys[0]?.id });
    await createAccessKey(tenant.owner, wanted);
  });

  test("the last day is whole, in São Paulo", async () => {
    const { expiresAt } = await createAccessKey(ours.owner, { ...wanted, expiresOn: "2099-12-31" });
    expect(expiresAt?.toISOString()).toBe("2100-01-01T02:59:59.999Z");
    const yesterday = new Date(Date.now() - 48 * 3_600_000).toISOString().slice(0, 10);
    await expect(createAccessKey(ours.owner, { ...wanted, expiresOn: yesterday })).rejects.toMatchObject({
      issues: [{ path: ["expiresOn"], message: "dateInThePast" }],
    });
    await expect(createAccessKey(ours.owner, { ...wanted, expiresOn: "2026-02-30" })).rejects.toMatchObject({
      issues: [{ path: ["expiresOn"], message: "notADate" }],
    });
  });

  test.each([
    ["none chosen", () => [], "chooseABucket"],
    ["one that nobody has", () => [randomUUID()], "bucketGone"],
    ["another account's", async () => [bucket.id, (await activeBucket(theirs)).id], "bucketGone"],
    [
      "one that is still being made",
      async () => [(await createBucket(ours.owner, { name: `balde-${randomUUID().slice(0, 8)}` })).id],
      "bucketGone",
    ],
  ])("buckets: %s", async (_, buckets, message) => {
    const input = { ...wanted, scope: "chosen", buckets: await buckets() };
    await expect(createAccessKey(ours.owner, input)).rejects.toMatchObject({
      issues: [{ path: ["buckets"], message }],
    });
  });

  test("what can be chosen is what is active in this account", async () => {
    const choices = await listGrantableBuckets(ours.owner);
    expect(choices).toEqual([bucket, other].sort((a, b) => (a.name < b.name ? -1 : 1)));
  });
});

describe("an engine that is down while a key is made", () => {
  test("leaves no key, and the same form may be posted again", async () => {
    const tenant = await engine.makeTenant();
    const input = { ...wanted, requestId: randomUUID() };
    await engine.store.kill();
    await expect(createAccessKey(tenant.owner, input)).rejects.toMatchObject({ code: "engine-unavailable" });
    expect((await listAccessKeys(tenant.owner, {})).accessKeys).toEqual([]);
    await expect(settleAccessKeys(randomUUID())).rejects.toMatchObject({ code: "unavailable" });
    await engine.store.start();

    const { id } = await createAccessKey(tenant.owner, input);
    await clearAway();
    const rows = await queryAsOwner("SELECT id FROM access_key WHERE account_id = $1", [tenant.account.id]);
    expect(rows).toEqual([{ id }]);
    expect(await engineUsers(tenant)).toEqual([engineUser(id)]);
  });

  test("a refusal for good is told as one", async () => {
    const tenant = await engine.makeTenant();
    await storage.removeTenant(tenant.tenant);
    await expect(createAccessKey(tenant.owner, wanted)).rejects.toMatchObject({
      code: "engine-refused",
      params: { reason: "not-found" },
    });
    await clearAway();
    expect(
      await queryAsOwner("SELECT id FROM access_key WHERE account_id = $1", [tenant.account.id]),
    ).toEqual([]);
  });
});

/** What the clock does within a few minutes: a failed key is removed at the engine, and later once more. */
async function clearAway() {
  await settleAccessKeys(randomUUID());
  await queryAsOwner(
    "UPDATE access_key SET revoked_at = revoked_at - interval '2 minutes' WHERE state = 'failed'",
  );
  await settleAccessKeys(randomUUID());
}

describe("a request that died midway", () => {
  async function halfMade(tenant: Tenant, age: string) {
    const id = randomUUID();
    const pair = generateAccessKey();
    await queryAsOwner(
      `INSERT INTO access_key (id, account_id, name, access_key_id, permission, all_buckets, request_id, created_at)
       VALUES ($1, $2, 'meia', $3, 'read_write', true, $4, now() - $5::interval)`,
      [id, tenant.account.id, pair.accessKeyId, randomUUID(), age],
    );
    await storage.createAccessKey({
      tenant: tenant.tenant,
      user: engineUser(id),
      permission: "read_write",
      buckets: "all",
      ...pair,
    });
    return { id, pair };
  }

  test("leaves a key that is removed, at the engine too, once its request cannot be alive", async () => {
    const tenant = await engine.makeTenant();
    const { name } = await activeBucket(tenant);
    const [dead, alive] = [await halfMade(tenant, "2 minutes"), await halfMade(tenant, "5 seconds")];
    await Promise.all([clearAway(), clearAway()]);
    await clearAway();
    expect(await rowOf(dead.id)).toBeUndefined();
    expect(await statusOf(engine.client(dead.pair).list(name))).toBe(403);
    expect(await rowOf(alive.id)).toMatchObject({ state: "provisioning" });
    expect(await statusOf(engine.client(alive.pair).list(name))).toBe(200);
    await expect(revokeAccessKey(tenant.owner, { id: alive.id })).rejects.toMatchObject({ code: "conflict" });
  });
});

test("a key that the engine makes late, after it was removed for the first time, is removed too", async () => {
  const tenant = await engine.makeTenant();
  const id = randomUUID();
  await queryAsOwner(
    `INSERT INTO access_key (id, account_id, name, access_key_id, permission, all_buckets, request_id, state)
     VALUES ($1, $2, 'atrasada', $3, 'read_write', true, $4, 'failed')`,
    [id, tenant.account.id, generateAccessKey().accessKeyId, randomUUID()],
  );
  await settleAccessKeys(randomUUID());
  await storage.createAccessKey({
    tenant: tenant.tenant,
    user: engineUser(id),
    permission: "read_write",
    buckets: "all",
    ...generateAccessKey(),
  });
  await settleAccessKeys(randomUUID());
  expect(await rowOf(id)).toMatchObject({ state: "failed" });
  await clearAway();
  expect(await rowOf(id)).toBeUndefined();
  expect(await engineUsers(tenant)).toEqual([]);
});

describe("revoking", () => {
  test("the same client gets 403 from then on; again is as good as once", async () => {
    const created = await createAccessKey(ours.owner, wanted);
    const s3 = engine.client(created);
    expect(await statusOf(s3.list(bucket.name))).toBe(200);
    expect(await revokeAccessKey(ours.owner, { id: created.id })).toEqual({
      id: created.id,
      state: "revoked",
    });
    expect(await statusOf(s3.list(bucket.name))).toBe(403);
    expect(await revokeAccessKey(ours.owner, { id: created.id })).toEqual({
      id: created.id,
      state: "revoked",
    });
    await finishRevocation(created.id, randomUUID());
    expect(await getAccessKey(ours.owner, created.id)).toMatchObject({
      state: "revoked",
      revokedAt: expect.any(Date),
    });
  });

  test("an engine that is down: nothing claims to be done, and a job goes on", async () => {
    const created = await createAccessKey(ours.owner, wanted);
    await engine.store.kill();
    expect(await revokeAccessKey(ours.owner, { id: created.id })).toEqual({
      id: created.id,
      state: "revoking",
    });
    expect(await rowOf(created.id)).toEqual({ state: "revoking", last_error: "unavailable" });
    await expect(finishRevocation(created.id, randomUUID())).rejects.toMatchObject({ code: "unavailable" });
    await engine.store.start();

    const s3 = engine.client(created);
    expect(await statusOf(s3.list(bucket.name))).toBe(200);
    const jobs = await queryAsOwner(
      "SELECT 1 FROM pgboss.job WHERE name = 'revoke-access-key' AND data->>'id' = $1",
      [created.id],
    );
    expect(jobs).toHaveLength(1);
    await finishRevocation(created.id, randomUUID());
    expect(await statusOf(s3.list(bucket.name))).toBe(403);
    expect(await rowOf(created.id)).toEqual({ state: "revoked", last_error: null });
  });

  test("a key whose day has passed is revoked by the clock", async () => {
    const created = await createAccessKey(ours.owner, { ...wanted, expiresOn: "2099-12-31" });
    await settleAccessKeys(randomUUID());
    expect(await rowOf(created.id)).toMatchObject({ state: "active" });
    await queryAsOwner("UPDATE access_key SET expires_at = now() - interval '1 second' WHERE id = $1", [
      created.id,
    ]);
    await settleAccessKeys(randomUUID());
    expect(await rowOf(created.id)).toMatchObject({ state: "revoking" });
    await finishRevocation(created.id, randomUUID());
    expect(await statusOf(engine.client(created).list(bucket.name))).toBe(403);
  });
});

describe("without a worker", () => {
  const expiryAtEngine = async (id: string) => {
    const { accessKeys } = await storage.tenantState({ tenant: ours.tenant });
    const grant = accessKeys.find(({ user }) => user === engineUser(id))?.grant;
    return grant === "unknown" ? grant : grant?.expiresAt;
  };

  test("the engine knows when a key expires, and keeps it when the key is changed", async () => {
    const gone = await activeBucket(ours);
    const created = await createAccessKey(ours.owner, {
      ...wanted,
      scope: "chosen",
      buckets: [bucket.id, gone.id],
      expiresOn: "2099-12-31",
    });
    expect(await expiryAtEngine(created.id)).toEqual(created.expiresAt);
    await forgetBucket(systemContext("delete-bucket", ours.account.id, randomUUID()), gone.id);
    expect(await expiryAtEngine(created.id)).toEqual(created.expiresAt);
    const endless = await createAccessKey(ours.owner, wanted);
    expect(await expiryAtEngine(endless.id)).toBeNull();
  });

  test("a key whose day has passed is refused all the same", async () => {
    const created = await createAccessKey(ours.owner, { ...wanted, expiresOn: "2099-12-31" });
    await queryAsOwner("UPDATE access_key SET expires_at = now() + interval '2 seconds' WHERE id = $1", [
      created.id,
    ]);
    const grant = await readGrant(ours.account.id, created.id);
    if (!grant) throw new Error("the key is there");
    await storage.setAccessKeyActive({ ...grant, tenant: ours.tenant, active: true });
    const s3 = engine.client(created);
    expect(await statusOf(s3.list(bucket.name))).toBe(200);
    await expect.poll(() => statusOf(s3.list(bucket.name)), { timeout: 10_000 }).toBe(403);
    expect(await rowOf(created.id)).toMatchObject({ state: "active" });
  });
});

test("another account's key does not exist", async () => {
  const { id } = await createAccessKey(theirs.owner, wanted);
  await expect(getAccessKey(ours.owner, id)).rejects.toMatchObject({ code: "not-found" });
  await expect(revokeAccessKey(ours.owner, { id })).rejects.toMatchObject({ code: "not-found" });
  expect((await listAccessKeys(ours.owner, {})).accessKeys.map((key) => key.id)).not.toContain(id);
  expect(await rowOf(id)).toMatchObject({ state: "active" });
});

test("a secret stands nowhere in the database", async () => {
  const { secretAccessKey } = await createAccessKey(ours.owner, wanted);
  const tables = await queryAsOwner<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'pgboss')`,
  );
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "public.audit_event",
      "public.audit_personal",
      "pgboss.job",
      "public.access_key",
    ]),
  );
  for (const { name } of tables) {
    const rows = await queryAsOwner(`SELECT 1 FROM ${name} t WHERE strpos(t::text, $1) > 0`, [
      secretAccessKey,
    ]);
    expect([name, rows]).toEqual([name, []]);
  }
});

test("a process that logs everything logs no secret, of a key made or failed", async () => {
  const script = `
    const { createAccessKey } = await import("#app/domain/access-keys/create-access-key.ts");
    const { log } = await import("#app/ports/logger.server.ts");
    const context = JSON.parse(process.env.TEST_CONTEXT);
    const created = await createAccessKey(context, { name: "a", permission: "read", scope: "all" });
    log.info({ created }, "as careless as can be");
    const { storage } = await import("#app/ports/storage/storage.server.ts");
    storage.createAccessKey = async (input) => { throw Object.assign(new Error("boom"), { config: input }); };
    await createAccessKey(context, { name: "b", permission: "read", scope: "all" }).catch((err) => log.error({ err }, "failed"));
    process.exit(0);`;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "-e", script],
    {
      env: { ...process.env, LOG_LEVEL: "trace", TEST_CONTEXT: JSON.stringify(ours.owner) },
    },
  );
  expect(stdout).toContain("careless");
  expect(stdout).toContain("boom");
  // A secret is 40 letters and digits.
  expect((stdout + stderr).match(/\b[A-Za-z0-9]{40}\b/)).toBeNull();
});
