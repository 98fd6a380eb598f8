import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oneByOne } from "#app/ports/queues.ts";
import { startCall } from "#app/ports/storage/ceph/call.ts";
import { setUserPolicy } from "#app/ports/storage/ceph/user-policies.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { putManyObjects } from "#tests/support/many-objects.ts";
import { startStorage } from "#tests/support/storage.ts";

const engine = await startStorage();
const { storage, store } = engine;
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");
const { removeBucket } = await import("../buckets/remove-bucket.ts");
const { getBucket, findDeletedBucketName } = await import("../buckets/read-buckets.ts");
const { countAttempt } = await import("../identity/throttling/throttle.ts");
const { emptyBucket } = await import("./empty-bucket.ts");
const { stopEmptying } = await import("./stop-emptying.ts");
const { runEmptying } = await import("./run-emptying.ts");
const { findEmptying } = await import("./read-emptyings.ts");

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let ours: Tenant;
beforeAll(async () => {
  ours = await engine.makeTenant();
});
afterAll(() => engine.stop());

const smallSteps = { pageSize: 3, batchSize: 2, batchesAtOnce: 2, writtenEveryMs: 0 };

async function newBucket({ versioned = false } = {}) {
  const { id, name } = await createBucket(ours.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(id, randomUUID());
  const at = { key: ours.managementKey, bucket: name };
  if (versioned) {
    await storage.setVersioning({ managementKey: at.key, bucket: name, versioning: "enabled" });
  }
  return { id, name, at };
}
type Bucket = Awaited<ReturnType<typeof newBucket>>;

const put = ({ at }: Bucket, object: string) =>
  storage.putObject({ ...at, object, body: Readable.from(["content"]), contentType: "text/plain" });
const begin = ({ id, name }: Bucket, deletesBucket = false) =>
  emptyBucket(ours.owner, { bucketId: id, name, deletesBucket });
const run = (id: string, limits = smallSteps) => runEmptying(id, randomUUID(), limits);
const stateOf = ({ id }: Bucket) => findEmptying(ours.owner, id);

async function isEmpty({ at }: Bucket): Promise<boolean> {
  const [{ versions }, { uploads }] = await Promise.all([
    storage.listVersions({ ...at, limit: 1 }),
    storage.listUploads({ ...at, limit: 1 }),
  ]);
  return versions.length === 0 && uploads.length === 0;
}

/** Names of every kind, older versions, delete markers, an upload that is open. */
async function fill(bucket: Bucket): Promise<{ versions: bigint; markers: bigint }> {
  const names = ["plain", "/lead", "a//b", "../x", "line\nfeed", "\u0001", "ação", "%41", "x".repeat(1_024)];
  for (const name of names) {
    await put(bucket, name);
    await put(bucket, name);
    await storage.deleteObjects({ ...bucket.at, objects: [{ object: name }] });
  }
  await put(bucket, "plain");
  await storage.createUpload({ ...bucket.at, object: "open" });
  return { versions: BigInt(names.length * 2 + 1), markers: BigInt(names.length) };
}

const noticesOf = (bucket: Bucket) =>
  queryAsOwner<{ user_id: string; data: { outcome: string; removed: number } }>(
    "SELECT user_id, data FROM notification WHERE kind = 'bucket-emptied' AND data->>'bucketId' = $1",
    [bucket.id],
  );

describe("emptying", () => {
  test("removes all versions, markers and uploads, whatever their names, and says so", async () => {
    const bucket = await newBucket({ versioned: true });
    const { versions, markers } = await fill(bucket);
    const { id } = await begin(bucket);
    expect(await stateOf(bucket)).toMatchObject({ state: "queued", removedVersions: 0n });
    await run(id);
    expect(await isEmpty(bucket)).toBe(true);
    expect(await stateOf(bucket)).toMatchObject({
      state: "finished",
      expected: versions + markers,
      removedVersions: versions,
      removedMarkers: markers,
      removedUploads: 1n,
      removedBytes: versions * 7n,
      problem: null,
      startedBy: "Maria Teste",
    });
    const [notice, ...more] = await noticesOf(bucket);
    expect(more).toEqual([]);
    expect(notice?.data).toMatchObject({ outcome: "finished", removed: Number(versions + markers) });
    // Asked again, the job finds it over.
    await run(id);
    expect(await noticesOf(bucket)).toHaveLength(1);
    expect((await getBucket(ours.owner, bucket.id)).state).toBe("active");
  });

  test("in a bucket that never kept versions leaves nothing, and no markers", async () => {
    const bucket = await newBucket();
    for (const name of ["a", "b", "\u0001"]) await put(bucket, name);
    await run((await begin(bucket)).id);
    expect(await isEmpty(bucket)).toBe(true);
    expect(await stateOf(bucket)).toMatchObject({ removedVersions: 3n, removedMarkers: 0n });
  });

  test("deletes the bucket afterwards where that was asked for", async () => {
    const bucket = await newBucket({ versioned: true });
    await put(bucket, "a");
    await run((await begin(bucket, true)).id);
    expect((await getBucket(ours.owner, bucket.id)).state).toBe("deleting");
    await removeBucket(bucket.id, randomUUID());
    expect(await findDeletedBucketName(ours.owner, bucket.id)).toBe(bucket.name);
  });

  test("begins once, with the name typed, in one's own bucket", async () => {
    const bucket = await newBucket();
    const { id, name } = bucket;
    await expect(
      emptyBucket(ours.owner, { bucketId: id, name: "another", deletesBucket: false }),
    ).rejects.toMatchObject({ issues: [{ path: ["name"], message: "confirmationMismatch" }] });
    const theirs = await engine.makeTenant();
    await expect(
      emptyBucket(theirs.owner, { bucketId: id, name, deletesBucket: false }),
    ).rejects.toMatchObject({ code: "not-found" });
    await begin(bucket);
    await expect(begin(bucket)).rejects.toMatchObject({ code: "already-done" });
    expect(await findEmptying(theirs.owner, id)).toBeNull();
  });

  test("stops when it is asked to, and leaves the rest", async () => {
    const bucket = await newBucket();
    for (let i = 0; i < 9; i += 1) await put(bucket, `k${i}`);
    const { id } = await begin(bucket, true);
    await stopEmptying(ours.owner, { bucketId: bucket.id });
    await expect(stopEmptying(ours.owner, { bucketId: bucket.id })).rejects.toMatchObject({
      code: "not-found",
    });
    await run(id);
    expect(await stateOf(bucket)).toMatchObject({ state: "stopped", removedVersions: 0n });
    expect((await getBucket(ours.owner, bucket.id)).state).toBe("active");
    expect((await noticesOf(bucket))[0]?.data.outcome).toBe("stopped");
  });

  test("stops in the middle, after what is on its way, with the right counts", async () => {
    const bucket = await newBucket();
    await putManyObjects(store.databaseUrl, { tenant: ours.tenant, bucket: bucket.name, count: 3_000 });
    const { id } = await begin(bucket);
    const running = run(id, { ...smallSteps, pageSize: 100, batchSize: 20 });
    await expect
      .poll(async () => (await stateOf(bucket))?.removedVersions, { timeout: 10_000 })
      .toBeGreaterThan(0n);
    await stopEmptying(ours.owner, { bucketId: bucket.id });
    await running;
    const stopped = await stateOf(bucket);
    expect(stopped?.state).toBe("stopped");
    const [stats] = await storage.bucketStats({ tenant: ours.tenant, bucket: bucket.name });
    expect(stats?.objectCount).toBeGreaterThan(0n);
    expect((stopped?.removedVersions ?? 0n) + (stats?.objectCount ?? 0n)).toBe(3_000n);
  });

  test("removes what comes in meanwhile, too", async () => {
    const bucket = await newBucket();
    await putManyObjects(store.databaseUrl, { tenant: ours.tenant, bucket: bucket.name, count: 1_000 });
    const { id } = await begin(bucket);
    const running = run(id, { ...smallSteps, pageSize: 100, batchSize: 50 });
    for (let i = 0; i < 20; i += 1) await put(bucket, `!before everything ${i}`);
    await running;
    expect(await isEmpty(bucket)).toBe(true);
    expect((await stateOf(bucket))?.removedVersions).toBe(1_020n);
  });

  test("of two runs at once one steps back, and goes on when the other fell silent", async () => {
    const bucket = await newBucket();
    await put(bucket, "a");
    const { id } = await begin(bucket);
    await queryAsOwner(
      "UPDATE bucket_emptying SET state = 'running', started_at = now(), progress_at = now() WHERE id = $1",
      [id],
    );
    await expect(run(id)).rejects.toThrow("another run");
    expect(await stateOf(bucket)).toMatchObject({ state: "running", problem: null });
    await queryAsOwner(
      "UPDATE bucket_emptying SET progress_at = now() - interval '9 seconds', removed_versions = 5 WHERE id = $1",
      [id],
    );
    await run(id);
    expect(await stateOf(bucket)).toMatchObject({ state: "finished", removedVersions: 6n });
  });

  test("tells of what the engine does not let go, once nothing else is left", async () => {
    const bucket = await newBucket({ versioned: true });
    for (const name of ["kept/1", "kept/2", "gone/1", "gone/2", "gone/3"]) await put(bucket, name);
    await setUserPolicy(
      { endpoint: store.endpoint, region: store.region, adminKey: store.adminKey },
      startCall("test"),
      `${ours.tenant}$owner`,
      {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Retention",
            Effect: "Deny",
            Action: ["s3:DeleteObjectVersion"],
            Resource: [`arn:aws:s3:::${bucket.name}/kept/*`],
          },
        ],
      },
    );
    await run((await begin(bucket, true)).id);
    expect(await stateOf(bucket)).toMatchObject({
      state: "failed",
      removedVersions: 3n,
      problem: { code: "objects-refused", refused: { count: 2, engineCode: "AccessDenied" } },
    });
    expect((await getBucket(ours.owner, bucket.id)).state).toBe("active");
    await ours.provision();
  });

  test("waits for an engine that is away, and goes on where it was", async () => {
    const bucket = await newBucket();
    for (const name of ["a", "b"]) await put(bucket, name);
    const { id } = await begin(bucket);
    await store.kill();
    await expect(run(id)).rejects.toMatchObject({ code: "unavailable" });
    expect(await stateOf(bucket)).toMatchObject({ state: "running", problem: { code: "unavailable" } });
    await store.start();
    await run(id);
    expect(await stateOf(bucket)).toMatchObject({ state: "finished", problem: null, removedVersions: 2n });
  });

  test("of a bucket that is gone has nothing to do", async () => {
    const bucket = await newBucket();
    const { id } = await begin(bucket);
    await storage.deleteBucket({ managementKey: ours.managementKey, bucket: bucket.name });
    await run(id);
    expect(await stateOf(bucket)).toMatchObject({ state: "finished", removedVersions: 0n });
  });
});

test("what stands under the name of a bucket that was deleted meanwhile is another's, and stays", async () => {
  const bucket = await newBucket();
  await put(bucket, "old");
  const { id } = await begin(bucket);
  // Somebody deletes the bucket as soon as it is empty; the job's next write waits until there is a new one.
  await queryAsOwner("CREATE TABLE new_bucket_made ()");
  await queryAsOwner(`
    CREATE FUNCTION delete_emptied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      UPDATE bucket SET deleted_at = now() WHERE id = NEW.bucket_id;
      WHILE NOT EXISTS (SELECT FROM new_bucket_made) LOOP PERFORM pg_sleep(0.02); END LOOP;
      RETURN NEW;
    END $$`);
  await queryAsOwner(`
    CREATE TRIGGER delete_emptied BEFORE UPDATE ON bucket_emptying FOR EACH ROW
    WHEN (NEW.removed_versions > OLD.removed_versions) EXECUTE FUNCTION delete_emptied()`);
  try {
    const running = run(id, { ...smallSteps, writtenEveryMs: 1_000 });
    await expect.poll(() => isEmpty(bucket), { timeout: 10_000 }).toBe(true);
    await put(bucket, "new");
    await queryAsOwner("INSERT INTO new_bucket_made DEFAULT VALUES");
    await running;
  } finally {
    await queryAsOwner("DROP FUNCTION delete_emptied CASCADE");
    await queryAsOwner("DROP TABLE new_bucket_made");
  }
  const { versions } = await storage.listVersions({ ...bucket.at, limit: 10 });
  expect(versions.map(({ object }) => object)).toEqual(["new"]);
  const [row] = await queryAsOwner("SELECT state::text FROM bucket_emptying WHERE id = $1", [id]);
  expect(row).toEqual({ state: "finished" });
});

test("nobody has all owners mailed without end: sixty times an hour are enough", async () => {
  const tenant = await engine.makeTenant();
  const { id: bucketId, name } = await createBucket(tenant.owner, {
    name: `balde-${randomUUID().slice(0, 8)}`,
  });
  await provisionBucket(bucketId, randomUUID());
  for (let attempt = 0; attempt < 60; attempt += 1) await countAttempt("emptyings", tenant.account.id);
  const again = emptyBucket(tenant.owner, { bucketId, name });
  await expect(again).rejects.toMatchObject({ code: "too-many-attempts" });
  expect(await findEmptying(tenant.owner, bucketId)).toBeNull();
});

test("an account's emptyings go one after the other, so that others' have room", async () => {
  const { id } = await begin(await newBucket());
  const job = await queryAsOwner("SELECT group_id FROM pgboss.job WHERE data->>'emptyingId' = $1", [id]);
  expect(job).toEqual([{ group_id: ours.account.id }]);
  expect(oneByOne.has("empty-bucket")).toBe(true);
});
