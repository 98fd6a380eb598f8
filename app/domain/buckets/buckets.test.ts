import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage, statusOf } from "#tests/support/storage.ts";
import { systemContext } from "../context.ts";

const engine = await startStorage();
const { storage } = engine;
const { createBucket } = await import("./create-bucket.ts");
const { provisionBucket } = await import("./provision-bucket.ts");
const { deleteBucket } = await import("./delete-bucket.ts");
const { removeBucket } = await import("./remove-bucket.ts");
const { retryBucket } = await import("./retry-bucket.ts");
const { settleBucket } = await import("./settle-bucket.ts");
const { findBucketSize, findDeletedBucketName, getBucket, listBuckets } = await import("./read-buckets.ts");
const { createAccessKey } = await import("../access-keys/create-access-key.ts");
const { getAccessKey, listKeysForBucket } = await import("../access-keys/read-access-keys.ts");

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let ours: Tenant;
let theirs: Tenant;

beforeAll(async () => {
  ours = await engine.makeTenant();
  theirs = await engine.makeTenant();
});
afterAll(() => engine.stop());

const newName = () => `balde-${randomUUID().slice(0, 8)}`;
const jobId = () => randomUUID();

async function activeBucket(tenant = ours, name = newName()) {
  const { id } = await createBucket(tenant.owner, { name });
  await provisionBucket(id, jobId());
  return { id, name };
}

function jobsOf(bucketId: string, queue: string) {
  return queryAsOwner("SELECT 1 FROM pgboss.job WHERE name = $2 AND data->>'bucketId' = $1", [
    bucketId,
    queue,
  ]);
}

describe("creating", () => {
  test("queues a job, and is active once the engine has answered", async () => {
    const name = newName();
    const { id } = await createBucket(ours.owner, { name: ` ${name} ` });
    expect(await getBucket(ours.owner, id)).toMatchObject({ name, state: "provisioning", problem: null });
    expect(await jobsOf(id, "provision-bucket")).toHaveLength(1);
    expect(await storage.headBucket({ managementKey: ours.managementKey, bucket: name })).toBe(false);

    await provisionBucket(id, jobId());
    expect(await getBucket(ours.owner, id)).toMatchObject({ state: "active", createdBy: "Maria Teste" });
    expect(await storage.headBucket({ managementKey: ours.managementKey, bucket: name })).toBe(true);

    await provisionBucket(id, jobId());
    const audited = await queryAsOwner<{ action: string }>(
      "SELECT action FROM audit_event WHERE resource_id = $1 ORDER BY id",
      [id],
    );
    expect(audited.map(({ action }) => action)).toEqual(["buckets:create", "buckets:settle"]);
  });

  test("of two at once under the last place of a quota exactly one wins", async () => {
    const tenant = await engine.makeTenant();
    await queryAsOwner("UPDATE quota SET limit_value = 2 WHERE account_id = $1 AND resource = 'buckets'", [
      tenant.account.id,
    ]);
    await createBucket(tenant.owner, { name: newName() });
    const attempts = await Promise.allSettled(
      [1, 2].map(() => createBucket(tenant.owner, { name: newName() })),
    );
    expect(attempts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = attempts.find((attempt) => attempt.status === "rejected");
    expect(refused?.reason).toMatchObject({ code: "quota-exceeded", params: { limit: 2 } });
  });

  test("a name is taken once in an account, and free in another", async () => {
    const { name } = await activeBucket();
    await expect(createBucket(ours.owner, { name })).rejects.toMatchObject({
      code: "bucket-name-taken",
      field: "name",
    });
    await expect(createBucket(theirs.owner, { name })).resolves.toMatchObject({ name });
  });

  test("what is wrong with a name is said on its field", async () => {
    await expect(createBucket(ours.owner, { name: "Fotos" })).rejects.toMatchObject({
      issues: [{ path: ["name"], message: "bucketNameCharacters" }],
    });
  });

  test("a worker that died after the engine's answer changes nothing", async () => {
    const { id, name } = await createBucket(ours.owner, { name: newName() });
    await storage.createBucket({ managementKey: ours.managementKey, bucket: name });
    await Promise.all([provisionBucket(id, jobId()), provisionBucket(id, jobId())]);
    expect(await getBucket(ours.owner, id)).toMatchObject({ state: "active", problem: null });
  });

  test("waits for an engine that is down, and says so meanwhile", async () => {
    const { id } = await createBucket(ours.owner, { name: newName() });
    await engine.store.kill();
    await expect(provisionBucket(id, jobId())).rejects.toMatchObject({ code: "unavailable" });
    expect(await getBucket(ours.owner, id)).toMatchObject({
      state: "provisioning",
      problem: { during: "provisioning", code: "unavailable" },
    });
    await engine.store.start();
    await provisionBucket(id, jobId());
    expect(await getBucket(ours.owner, id)).toMatchObject({ state: "active", problem: null });
  });

  test("what the engine refuses for good is failed, and is tried again when told to", async () => {
    const tenant = await engine.makeTenant();
    const { id } = await createBucket(tenant.owner, { name: newName() });
    await tenant.provision(generateAccessKey());
    await provisionBucket(id, jobId());
    expect(await getBucket(tenant.owner, id)).toMatchObject({
      state: "failed",
      problem: { during: "provisioning", code: "denied" },
    });

    await tenant.provision();
    await retryBucket(tenant.owner, { bucketId: id });
    expect(await jobsOf(id, "provision-bucket")).toHaveLength(2);
    await provisionBucket(id, jobId());
    expect(await getBucket(tenant.owner, id)).toMatchObject({ state: "active", problem: null });
    await expect(retryBucket(tenant.owner, { bucketId: id })).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("deleting", () => {
  test("an empty bucket is gone, and its name is free", async () => {
    const { id, name } = await activeBucket();
    await deleteBucket(ours.owner, { bucketId: id, name });
    expect(await getBucket(ours.owner, id)).toMatchObject({ state: "deleting" });
    await removeBucket(id, jobId());
    await expect(getBucket(ours.owner, id)).rejects.toMatchObject({ code: "not-found" });
    expect(await findDeletedBucketName(ours.owner, id)).toBe(name);
    expect(await storage.headBucket({ managementKey: ours.managementKey, bucket: name })).toBe(false);
    await removeBucket(id, jobId());
    await activeBucket(ours, name);
  });

  test("a bucket with an object is active again and says why; then it can be emptied and deleted", async () => {
    const { id, name } = await activeBucket();
    const s3 = engine.client(ours.managementKey);
    await s3.put(name, "foto.jpg");
    expect(await findBucketSize(ours.owner, name)).toMatchObject({ objectCount: 1n });
    await deleteBucket(ours.owner, { bucketId: id, name });
    await removeBucket(id, jobId());
    expect(await getBucket(ours.owner, id)).toMatchObject({
      state: "active",
      problem: { during: "deleting", code: "bucket-not-empty" },
    });
    expect(await s3.get(name, "foto.jpg")).toBe("olá");

    await s3.remove(name, "foto.jpg");
    await deleteBucket(ours.owner, { bucketId: id, name });
    expect((await getBucket(ours.owner, id)).problem).toBeNull();
    await removeBucket(id, jobId());
    expect(await findDeletedBucketName(ours.owner, id)).toBe(name);
  });

  test("waits for an engine that is down", async () => {
    const { id } = await activeBucket();
    await deleteBucket(ours.owner, { bucketId: id });
    await engine.store.kill();
    await expect(removeBucket(id, jobId())).rejects.toMatchObject({ code: "unavailable" });
    expect(await getBucket(ours.owner, id)).toMatchObject({
      state: "deleting",
      problem: { during: "deleting", code: "unavailable" },
    });
    await engine.store.start();
    expect(await findBucketSize(ours.owner, "balde-que-nao-existe")).toBeNull();
    await removeBucket(id, jobId());
    await expect(getBucket(ours.owner, id)).rejects.toMatchObject({ code: "not-found" });
  });

  test("another name typed, one still being made, one already being deleted: refused", async () => {
    const { id, name } = await createBucket(ours.owner, { name: newName() });
    await expect(deleteBucket(ours.owner, { bucketId: id, name: "outro" })).rejects.toMatchObject({
      issues: [{ path: ["name"], message: "confirmationMismatch" }],
    });
    await expect(deleteBucket(ours.owner, { bucketId: id, name: "" })).rejects.toMatchObject({
      code: "invalid-input",
    });
    await expect(deleteBucket(ours.owner, { bucketId: id, name })).rejects.toMatchObject({
      code: "conflict",
    });
    await provisionBucket(id, jobId());
    await deleteBucket(ours.owner, { bucketId: id, name });
    await expect(deleteBucket(ours.owner, { bucketId: id, name })).rejects.toMatchObject({
      code: "already-done",
    });
  });
});

test("an entry whose name is somebody else's at the engine goes without touching theirs", async () => {
  const { id, name } = await activeBucket();
  await queryAsOwner(
    "UPDATE bucket SET state = 'failed', last_error = 'provisioning bucket-taken' WHERE id = $1",
    [id],
  );
  await deleteBucket(ours.owner, { bucketId: id });
  await removeBucket(id, jobId());
  expect(await findDeletedBucketName(ours.owner, id)).toBe(name);
  expect(await jobsOf(id, "delete-bucket")).toHaveLength(0);
  expect(await storage.headBucket({ managementKey: ours.managementKey, bucket: name })).toBe(true);
});

test("a retry that was overtaken by a deletion does not undo it", async () => {
  const { id } = await createBucket(ours.owner, { name: newName() });
  await queryAsOwner("UPDATE bucket SET state = 'failed', last_error = 'provisioning denied' WHERE id = $1", [
    id,
  ]);
  // The deletion has changed the row and not committed yet when the retry reads it.
  const deleting = new pg.Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
  await deleting.connect();
  await deleting.query("BEGIN");
  await deleting.query("UPDATE bucket SET state = 'deleting', last_error = NULL WHERE id = $1", [id]);
  const retried = retryBucket(ours.owner, { bucketId: id }).catch((error: unknown) => error);
  await expect
    .poll(() => queryAsOwner("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"))
    .not.toHaveLength(0);
  await deleting.query("COMMIT");
  await deleting.end();
  expect(await retried).toMatchObject({ code: "conflict" });
  expect(await getBucket(ours.owner, id)).toMatchObject({ state: "deleting", problem: null });
});

describe("keys made for a deleted bucket", () => {
  async function keyFor(...buckets: { id: string }[]) {
    return createAccessKey(ours.owner, {
      name: "chave",
      permission: "read_write",
      scope: "chosen",
      buckets: buckets.map(({ id }) => id),
    });
  }

  test("do not open a new bucket of its name, and still open the others", async () => {
    const [gone, kept] = [await activeBucket(), await activeBucket()];
    const [both, only] = [await keyFor(gone, kept), await keyFor(gone)];
    expect(await statusOf(engine.client(both).put(gone.name, "a"))).toBe(200);
    await engine.client(ours.managementKey).remove(gone.name, "a");
    await deleteBucket(ours.owner, { bucketId: gone.id });
    await removeBucket(gone.id, jobId());

    const again = await activeBucket(ours, gone.name);
    expect(await statusOf(engine.client(both).put(again.name, "a"))).toBe(403);
    expect(await statusOf(engine.client(only).put(again.name, "a"))).toBe(403);
    expect(await statusOf(engine.client(both).put(kept.name, "a"))).toBe(200);
    expect((await getAccessKey(ours.owner, only.id)).buckets).toEqual([]);
    expect((await getAccessKey(ours.owner, both.id)).buckets).toEqual([kept]);
    const reaching = await listKeysForBucket(ours.owner, kept.id);
    expect(reaching.keys.map(({ id }) => id)).toEqual([both.id]);
  });

  test("two deletions at once leave neither bucket in a key", async () => {
    const [one, two] = [await activeBucket(), await activeBucket()];
    const key = await keyFor(one, two);
    await Promise.all([one, two].map(({ id }) => deleteBucket(ours.owner, { bucketId: id })));
    await Promise.all([one, two].map(({ id }) => removeBucket(id, jobId())));
    for (const { name } of [one, two]) {
      await activeBucket(ours, name);
      expect(await statusOf(engine.client(key).list(name))).toBe(403);
    }
  });

  test("a worker that died in between: the name waits until the job has gone on", async () => {
    const gone = await activeBucket();
    const key = await keyFor(gone);
    await deleteBucket(ours.owner, { bucketId: gone.id });
    await storage.deleteBucket({ managementKey: ours.managementKey, bucket: gone.name });
    const context = systemContext("delete-bucket", ours.account.id, jobId());
    await settleBucket(context, { bucketId: gone.id, from: "deleting", to: "deleted" });

    const { id } = await createBucket(ours.owner, { name: gone.name });
    await expect(provisionBucket(id, jobId())).rejects.toThrow("policy of an access key");
    await removeBucket(gone.id, jobId());
    await provisionBucket(id, jobId());
    expect(await statusOf(engine.client(key).list(gone.name))).toBe(403);
  });
});

describe("reading", () => {
  test("another account's bucket does not exist", async () => {
    const { id } = await activeBucket(theirs);
    const missing = { code: "not-found" };
    await expect(getBucket(ours.owner, id)).rejects.toMatchObject(missing);
    await expect(deleteBucket(ours.owner, { bucketId: id })).rejects.toMatchObject(missing);
    await expect(retryBucket(ours.owner, { bucketId: id })).rejects.toMatchObject(missing);
    expect(await findDeletedBucketName(ours.owner, id)).toBeNull();
    expect((await listKeysForBucket(ours.owner, id)).keys).toEqual([]);
    const { buckets } = await listBuckets(ours.owner, {});
    expect(buckets.map((bucket) => bucket.id)).not.toContain(id);
  });

  test("pages by 25 without losing or repeating any, and searches by how names begin", async () => {
    const tenant = await engine.makeTenant();
    await queryAsOwner(
      `INSERT INTO bucket (id, account_id, name, created_at)
       SELECT gen_random_uuid(), $1, 'lote-' || n, '2026-11-01T10:00:00Z' FROM generate_series(1, 60) n`,
      [tenant.account.id],
    );
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listBuckets(tenant.owner, after ? { after } : {});
      seen.push(...page.buckets.map(({ name }) => name));
      after = page.next ?? undefined;
    } while (after);
    expect(new Set(seen).size).toBe(60);
    expect(seen).toHaveLength(60);

    const names = async (q: string) =>
      (await listBuckets(tenant.owner, { q })).buckets.map(({ name }) => name);
    expect((await names("LOTE-1")).sort()).toEqual(
      ["1", ...Array.from({ length: 10 }, (_, n) => `1${n}`)].map((n) => `lote-${n}`).sort(),
    );
    expect(await names("%")).toEqual([]);
    expect(await names("ote-1")).toEqual([]);
    expect((await listBuckets(tenant.owner, { after: "nonsense" })).buckets).toHaveLength(25);
  });
});
