import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";
import type { SurveyCounts } from "./counts.ts";

const engine = await startStorage();
const { storage, db } = engine;
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");
const { requestSurvey, requestSurveys } = await import("./request-survey.ts");
const { previewRule } = await import("./preview-rule.ts");
const { runSurvey } = await import("./run-survey.ts");
const { purgeSurveys } = await import("./purge-surveys.ts");
const { surveyLimits } = await import("./walk.ts");
const { listHiddenBytes } = await import("./list-hidden-bytes.ts");
const { findLatestSurvey, getSurvey } = await import("./read-surveys.ts");

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let ours: Tenant;

beforeAll(async () => {
  ours = await engine.makeTenant();
});
afterAll(() => engine.stop());

async function newBucket(tenant = ours) {
  const { id, name } = await createBucket(tenant.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(id, randomUUID());
  return { id, name, at: { key: tenant.managementKey, bucket: name } };
}
type Bucket = Awaited<ReturnType<typeof newBucket>>;

const put = ({ at }: Bucket, object: string, content = "olá") =>
  storage.putObject({ ...at, object, body: Readable.from([content]), contentType: "text/plain" });
const remove = ({ at }: Bucket, object: string) => storage.deleteObjects({ ...at, objects: [{ object }] });
const keepVersions = ({ name }: Bucket, versioning: "enabled" | "suspended" = "enabled") =>
  storage.setVersioning({ managementKey: ours.managementKey, bucket: name, versioning });
/** An upload with so many parts of that size, left open. */
async function openUpload({ at }: Bucket, object: string, parts: number, size: number): Promise<string> {
  const { uploadId } = await storage.createUpload({ ...at, object });
  for (let partNumber = 1; partNumber <= parts; partNumber += 1) {
    const url = await storage.presignPart({
      ...at,
      object,
      uploadId,
      partNumber,
      endpoint: engine.store.endpoint,
      expiresInSeconds: 60,
    });
    const { status } = await fetch(url, { method: "PUT", body: "x".repeat(size) });
    expect(status).toBe(200);
  }
  return uploadId;
}

/** One of each kind, and names of all sorts. */
async function fill(bucket: Bucket) {
  await put(bucket, "before versions", "12345");
  await keepVersions(bucket);
  await put(bucket, "before versions", "1234567");
  for (const content of ["1", "22", "333"]) await put(bucket, "a", content);
  await put(bucket, "hidden", "4444");
  await remove(bucket, "hidden");
  await put(bucket, "back again", "88888888");
  await remove(bucket, "back again");
  await put(bucket, "back again", "1");
  await remove(bucket, "never was");
  for (const name of ["../x", "line\nbreak", "/lead//ing", "ção"]) await put(bucket, name, "666666");
  await openUpload(bucket, "film.mov", 2, 700);
  await openUpload(bucket, "nothing yet", 0, 0);
}

/** What {@link fill} leaves there. */
const filled = {
  entries: 19n,
  prefix: "",
  // before versions 7, a 3, back again 1, and four of 6
  current: { count: 7n, bytes: 35n },
  // before versions 5, a 1 and 2, hidden 4, back again 8
  noncurrent: { count: 5n, bytes: 20n },
  markers: { count: 3n, withNothingBehind: 1n },
  uploads: { count: 2n, bytes: 1_400n, parts: 2n, oldestAt: expect.any(Date) },
  versioning: "enabled",
  rule: null,
  bound: null,
};

/** Every page, and written down after each. */
const smallSteps = { ...surveyLimits, pageSize: 3, savedEveryMs: 0 };

async function survey(bucket: Bucket, limits = surveyLimits): Promise<SurveyCounts> {
  const { id } = await requestSurvey(ours.owner, { bucketId: bucket.id });
  await runSurvey(id, randomUUID(), limits);
  const { counts } = await getSurvey(ours.owner, bucket.id, id);
  if (!counts) throw new Error("nothing was counted");
  return counts;
}

const rowOf = async (id: string) => {
  const [row] = await queryAsOwner<{
    state: string;
    counts: { entries?: string };
    position: object;
    last_error: string;
  }>("SELECT state, counts, position, last_error FROM bucket_survey WHERE id = $1", [id]);
  return row;
};

describe("counting", () => {
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = await newBucket();
    await fill(bucket);
  });

  test("tells what a plain listing does not show, as the engine itself counts it", async () => {
    const counts = await survey(bucket);
    expect(counts).toMatchObject(filled);
    const [stats] = await storage.bucketStats({ tenant: ours.tenant, bucket: bucket.name });
    expect(stats?.breakdown).toEqual({
      currentBytes: counts.current.bytes,
      noncurrentBytes: counts.noncurrent.bytes,
      incompleteUploadBytes: counts.uploads.bytes,
    });
    expect(stats?.objectCount).toBe(counts.current.count + counts.noncurrent.count + counts.markers.count);
    expect(counts.expected).toBe(stats?.objectCount);
  });

  test("page by page it comes to the same, and nothing of it is left behind", async () => {
    for (const pageSize of [1, 2, 3, 7])
      expect(await survey(bucket, { ...smallSteps, pageSize })).toMatchObject(filled);
    const latest = await findLatestSurvey(ours.owner, bucket.id);
    expect(latest).toMatchObject({ state: "finished", counts: filled, problem: null });
    expect((await rowOf(latest?.id ?? ""))?.position).toEqual({});
  });

  test("an empty bucket is counted as well", async () => {
    expect(await survey(await newBucket())).toMatchObject({ entries: 0n, versioning: "unset", bound: null });
  });

  test.each([1, 2, 3, 5])("after a crash behind page %i it goes on there", async (crashAfter) => {
    const { id } = await requestSurvey(ours.owner, { bucketId: bucket.id });
    let looked = 0;
    const dying = {
      ...smallSteps,
      get ms() {
        looked += 1;
        if (looked > crashAfter) throw new Error("the power is gone");
        return surveyLimits.ms;
      },
    };
    await expect(runSurvey(id, randomUUID(), dying)).rejects.toThrow("the power is gone");
    const before = await rowOf(id);
    expect(before).toMatchObject({ state: "running", last_error: "internal" });
    let pages = 0;
    await runSurvey(id, randomUUID(), {
      ...smallSteps,
      get ms() {
        pages += 1;
        return surveyLimits.ms;
      },
    });
    // One for uploads, five for versions.
    expect(pages).toBe(6 - crashAfter);
    const { state, counts, problem } = await getSurvey(ours.owner, bucket.id, id);
    expect({ state, counts, problem }).toMatchObject({ state: "finished", counts: filled, problem: null });
  });

  test("a worker that was killed with -9 leaves what the next one goes on with", async () => {
    const { id } = await requestSurvey(ours.owner, { bucketId: bucket.id });
    const script = `
      const { runSurvey } = await import("#app/domain/surveys/run-survey.ts");
      const { surveyLimits } = await import("#app/domain/surveys/walk.ts");
      let pages = 0;
      await runSurvey("${id}", "${randomUUID()}", { ...surveyLimits, pageSize: 1, savedEveryMs: 0, get ms() {
        if (++pages > 6) { process.stdout.write("here\\n"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); }
        return 900_000;
      } });`;
    const worker = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
      env: process.env,
    });
    await once(worker.stdout, "data");
    worker.kill("SIGKILL");
    await once(worker, "exit");
    const before = await rowOf(id);
    expect(before?.state).toBe("running");
    expect(Number(before?.counts.entries)).toBeGreaterThan(4);
    await runSurvey(id, randomUUID());
    expect(await getSurvey(ours.owner, bucket.id, id)).toMatchObject({ state: "finished", counts: filled });
  });

  test("run twice at once it is counted once", async () => {
    const { id } = await requestSurvey(ours.owner, { bucketId: bucket.id });
    await Promise.all([1, 2, 3].map(() => runSurvey(id, randomUUID(), smallSteps)));
    expect(await getSurvey(ours.owner, bucket.id, id)).toMatchObject({ state: "finished", counts: filled });
    await runSurvey(id, randomUUID());
    const settled = await queryAsOwner(
      "SELECT 1 FROM audit_event WHERE resource_id = $1 AND details->'after' IS NOT NULL",
      [id],
    );
    expect(settled).toHaveLength(1);
  });

  test("at its bound it says what it is a part of", async () => {
    const some = await survey(bucket, { ...smallSteps, entries: 10n });
    expect(some).toMatchObject({ bound: "entries", uploads: { count: 2n } });
    expect(some.entries).toBeGreaterThanOrEqual(10n);
    expect(some.entries).toBeLessThan(14n);
    const none = await survey(bucket, { ...smallSteps, ms: 0 });
    expect(none).toMatchObject({ bound: "time", entries: 0n });
    const latest = await findLatestSurvey(ours.owner, bucket.id);
    expect(latest).toMatchObject({ state: "partial", counts: { bound: "time" } });
  });

  test("what is uploaded, completed and deleted meanwhile does not stop it", async () => {
    const busy = await newBucket();
    await fill(busy);
    const { id } = await requestSurvey(ours.owner, { bucketId: busy.id });
    const uploadId = await openUpload(busy, "film.mov", 1, 10);
    let pages = 0;
    const surveyed = runSurvey(id, randomUUID(), {
      ...smallSteps,
      pageSize: 1,
      get ms() {
        pages += 1;
        return surveyLimits.ms;
      },
    });
    const churn = async () => {
      for (let round = 0; round < 10; round += 1) {
        const { versions } = await storage.listVersions({ ...busy.at, limit: 1_000 });
        const gone = versions.filter(() => Math.random() < 0.2);
        await storage.deleteObjects({ ...busy.at, objects: gone });
        await put(busy, "a");
      }
      await storage.abortUpload({ ...busy.at, object: "film.mov", uploadId });
    };
    await Promise.all([surveyed, churn()]);
    expect(pages).toBeGreaterThan(5);
    expect(await getSurvey(ours.owner, busy.id, id)).toMatchObject({ state: "finished", problem: null });
  });
});

describe("a survey that cannot be", () => {
  test("waits for an engine that is away, and goes on", async () => {
    const bucket = await newBucket();
    await put(bucket, "a");
    const { id } = await requestSurvey(ours.owner, { bucketId: bucket.id });
    await engine.store.kill();
    await expect(runSurvey(id, randomUUID())).rejects.toMatchObject({ code: "unavailable" });
    expect(await getSurvey(ours.owner, bucket.id, id)).toMatchObject({
      state: "running",
      problem: "unavailable",
    });
    await engine.store.start();
    await runSurvey(id, randomUUID());
    expect(await getSurvey(ours.owner, bucket.id, id)).toMatchObject({ state: "finished", problem: null });
  });

  test("fails with a bucket that the engine does not have, or that is being deleted", async () => {
    const bucket = await newBucket();
    const first = await requestSurvey(ours.owner, { bucketId: bucket.id });
    await storage.deleteBucket({ managementKey: ours.managementKey, bucket: bucket.name });
    await runSurvey(first.id, randomUUID());
    expect(await getSurvey(ours.owner, bucket.id, first.id)).toMatchObject({
      state: "failed",
      problem: "not-found",
    });

    const second = await requestSurvey(ours.owner, { bucketId: bucket.id });
    await queryAsOwner("UPDATE bucket SET state = 'deleting' WHERE id = $1", [bucket.id]);
    await runSurvey(second.id, randomUUID());
    expect(await getSurvey(ours.owner, bucket.id, second.id)).toMatchObject({
      state: "failed",
      problem: "bucket-not-active",
    });
    await expect(requestSurvey(ours.owner, { bucketId: bucket.id })).rejects.toMatchObject({
      code: "bucket-not-active",
    });
  });

  test("is given up after a day", async () => {
    const bucket = await newBucket();
    const { id } = await requestSurvey(ours.owner, { bucketId: bucket.id });
    await queryAsOwner("UPDATE bucket_survey SET created_at = now() - interval '25 hours' WHERE id = $1", [
      id,
    ]);
    const faulty = {
      ...surveyLimits,
      get ms(): number {
        throw new Error("a fault");
      },
    };
    await runSurvey(id, randomUUID(), faulty);
    expect(await getSurvey(ours.owner, bucket.id, id)).toMatchObject({
      state: "failed",
      problem: "internal",
    });
  });
});

describe("asking", () => {
  test("twice at once is one survey and one job; for something else it is refused meanwhile", async () => {
    const bucket = await newBucket();
    const asked = await Promise.all([1, 2, 3].map(() => requestSurvey(ours.owner, { bucketId: bucket.id })));
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(asked.filter(({ isNew }) => isNew)).toHaveLength(1);
    const jobs = await queryAsOwner<{ group_id: string }>(
      "SELECT group_id FROM pgboss.job WHERE name = 'survey-bucket' AND data->>'surveyId' = $1",
      [asked[0]?.id],
    );
    expect(jobs).toEqual([{ group_id: ours.account.id }]);
    const rule = { bucketId: bucket.id, noncurrentDays: "30" };
    await expect(previewRule(ours.owner, rule)).rejects.toMatchObject({ code: "survey-under-way" });
    await runSurvey(asked[0]?.id ?? "", randomUUID());
    const preview = await previewRule(ours.owner, rule);
    expect(await previewRule(ours.owner, rule)).toEqual({ ...preview, isNew: false });
    await expect(previewRule(ours.owner, { ...rule, noncurrentDays: "31" })).rejects.toMatchObject({
      code: "survey-under-way",
    });
    await runSurvey(preview.id, randomUUID());
  });

  test("what is wrong with a rule is said on its field, and nothing is begun", async () => {
    const bucket = await newBucket();
    await expect(previewRule(ours.owner, { bucketId: bucket.id, expiration: "days" })).rejects.toMatchObject({
      issues: [{ path: ["days"], message: "lifecycleDaysMissing" }],
    });
    expect(await db.bucketSurvey.count({ where: { bucketId: bucket.id } })).toBe(0);
  });

  test("another account's bucket is not there, and a developer may look but not ask", async () => {
    const theirs = await engine.makeTenant();
    const bucket = await newBucket();
    const { id } = await requestSurvey(ours.owner, { bucketId: bucket.id });
    for (const attempt of [
      () => requestSurvey(theirs.owner, { bucketId: bucket.id }),
      () => getSurvey(theirs.owner, bucket.id, id),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "not-found" });
    expect(await findLatestSurvey(theirs.owner, bucket.id)).toBeNull();
    const developer = await ours.contextOf("developer");
    await expect(requestSurvey(developer, { bucketId: bucket.id })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await getSurvey(developer, bucket.id, id)).toMatchObject({
      state: "queued",
      requestedBy: "Maria Teste",
    });
    await runSurvey(id, randomUUID());
  });

  test("all buckets at once: those that were never counted first, and no more than may wait", async () => {
    const tenant = await engine.makeTenant();
    const [first, second] = [await newBucket(tenant), await newBucket(tenant)];
    const counted = await requestSurvey(tenant.owner, { bucketId: first.id });
    await runSurvey(counted.id, randomUUID());
    await queryAsOwner(
      `INSERT INTO bucket (id, account_id, name, state)
       SELECT gen_random_uuid(), $1, 'mais-' || n, 'active' FROM generate_series(1, 24) n`,
      [tenant.account.id],
    );
    expect(await requestSurveys(tenant.owner, {})).toEqual({ begun: 25 });
    const waiting = await db.bucketSurvey.findMany({
      where: { accountId: tenant.account.id, state: "queued" },
      select: { bucketId: true },
    });
    const buckets = waiting.map(({ bucketId }) => bucketId);
    expect(buckets).toContain(second.id);
    expect(buckets).not.toContain(first.id);
    expect(await requestSurveys(tenant.owner, {})).toEqual({ begun: 0 });
    const page = await listHiddenBytes(tenant.owner);
    expect(page.buckets).toHaveLength(25);
    expect(page.account).toMatchObject({ buckets: 26, surveyed: 1, underWay: 25 });
    const rest = await listHiddenBytes(tenant.owner, { after: page.next ?? "" });
    expect(rest.next).toBeNull();
    const listed = [...page.buckets, ...rest.buckets];
    expect(new Set(listed.map(({ id }) => id)).size).toBe(26);
    expect(listed.filter(({ surveyedAt }) => surveyedAt !== null)).toMatchObject([{ name: first.name }]);
    // The engine knows two of them, and tells of those.
    expect(listed.filter(({ isLive }) => isLive)).toHaveLength(2);
    await expect(requestSurvey(tenant.owner, { bucketId: first.id })).rejects.toMatchObject({
      code: "too-many-surveys",
    });
  });
});

test("of each bucket the latest ten are kept, and none for longer than 90 days", async () => {
  const [busy, idle] = [await newBucket(), await newBucket()];
  await queryAsOwner(
    `INSERT INTO bucket_survey (id, account_id, bucket_id, state, created_at)
     SELECT gen_random_uuid(), $1::uuid, $2::uuid, 'finished'::survey_state, now() - make_interval(days => n) FROM generate_series(1, 12) n
     UNION ALL SELECT gen_random_uuid(), $1, $3::uuid, 'failed', now() - make_interval(days => n) FROM unnest('{89,91}'::int[]) n
     UNION ALL SELECT gen_random_uuid(), $1, $3, 'running', now() - interval '91 days'`,
    [ours.account.id, busy.id, idle.id],
  );
  await purgeSurveys();
  const left = async ({ id }: Bucket) => db.bucketSurvey.count({ where: { bucketId: id } });
  expect([await left(busy), await left(idle)]).toEqual([10, 2]);
});
