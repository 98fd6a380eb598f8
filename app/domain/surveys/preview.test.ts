// What a preview says, against what the embedded store's own lifecycle worker then removes: today, and day by day for
// 30 days.
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { PutObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Versioning } from "#app/ports/storage/driver.ts";
import { openBlobStore } from "#embedded/object-store/blobs.ts";
import { createPool } from "#embedded/object-store/database.ts";
import { createLifecycleWorker, type LifecycleWorker } from "#embedded/object-store/lifecycle/worker.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";
import type { LifecycleRuleValues } from "../lifecycle/rule-input.ts";
import type { RuleCounts } from "./counts.ts";

const engine = await startStorage();
const { storage } = engine;
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");
const { lifecycleRuleInput } = await import("../lifecycle/rule-input.ts");
const { previewRule } = await import("./preview-rule.ts");
const { runSurvey } = await import("./run-survey.ts");
const { surveyLimits } = await import("./walk.ts");
const { getSurvey } = await import("./read-surveys.ts");

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let ours: Tenant;
let s3: S3Client;
const store = createPool(engine.store.databaseUrl, () => {});
let worker: LifecycleWorker;
const dayMs = 86_400_000;

beforeAll(async () => {
  ours = await engine.makeTenant();
  const { endpoint, region, directory } = engine.store;
  s3 = new S3Client({ endpoint, region, credentials: ours.managementKey, forcePathStyle: true });
  worker = createLifecycleWorker({
    database: store,
    blobs: await openBlobStore(directory),
    logger: pino({ level: "silent" }),
  });
});
afterAll(async () => {
  await store.end();
  await engine.stop();
});

/** Numbers from 0 to below 1, the same in every run. */
function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

interface Bucket {
  id: string;
  name: string;
  at: { key: Tenant["managementKey"]; bucket: string };
}

/** Keys with some versions and delete markers each, and uploads, between no time and 70 days old. */
async function newBucket(versioning: Versioning, seed: number): Promise<Bucket> {
  const { id, name } = await createBucket(ours.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(id, randomUUID());
  const at = { key: ours.managementKey, bucket: name };
  const random = seeded(seed);
  const keys = ["logs/a", "logs/b", "logs/ç\n", "x", "y", "z", "../w", "v"];
  const setVersioning = (to: "enabled" | "suspended") =>
    storage.setVersioning({ managementKey: ours.managementKey, bucket: name, versioning: to });
  const round = (atMost: number) =>
    Promise.all(
      keys.map(async (object) => {
        const acts = Array.from({ length: Math.floor(random() * (atMost + 1)) }, () => random());
        for (const act of acts) {
          if (act < 0.3) await storage.deleteObjects({ ...at, objects: [{ object }] });
          else {
            const body = Readable.from(["x".repeat(Math.floor(act * 2_000))]);
            await storage.putObject({ ...at, object, body, contentType: "text/plain" });
          }
        }
      }),
    );
  await round(1);
  if (versioning !== "unset") await setVersioning("enabled").then(() => round(5));
  await storage.deleteObjects({ ...at, objects: [{ object: "never was" }] });
  if (versioning === "suspended") await setVersioning("suspended").then(() => round(2));
  for (const object of ["logs/a", "logs/u", "x", "x"])
    await uploadPart(at, object, 1 + Math.floor(random() * 900));
  await tagSome(at, random);
  await makeOld(name, random);
  return { id, name, at };
}

async function uploadPart(at: Bucket["at"], object: string, size: number) {
  const { uploadId } = await storage.createUpload({ ...at, object });
  const part = {
    ...at,
    object,
    uploadId,
    partNumber: 1,
    endpoint: engine.store.endpoint,
    expiresInSeconds: 60,
  };
  const { status } = await fetch(await storage.presignPart(part), { method: "PUT", body: "x".repeat(size) });
  expect(status).toBe(200);
}

async function tagSome(at: Bucket["at"], random: () => number) {
  const { versions } = await storage.listVersions({ ...at, limit: 1_000 });
  for (const { object, versionId } of versions.filter(
    ({ isDeleteMarker }) => !isDeleteMarker && random() < 0.5,
  )) {
    const Tagging = { TagSet: [{ Key: "keep", Value: "no" }] };
    await s3.send(
      new PutObjectTaggingCommand({ Bucket: at.bucket, Key: object, VersionId: versionId, Tagging }),
    );
  }
}

/** As if each version of a key had been made some days after the one before it. */
async function makeOld(name: string, random: () => number) {
  const { rows } = await store.query<{ id: number; key: string; noncurrent_at: Date | null }>(
    `SELECT v.id, v.key, v.noncurrent_at FROM s3.object_versions v JOIN s3.buckets b ON b.id = v.bucket_id
     WHERE b.name = $1 ORDER BY v.key, v.id DESC`,
    [name],
  );
  let last: { key: string; madeAt: number } | null = null;
  for (const { id, key } of rows) {
    const newerMadeAt = last?.key === key ? last.madeAt : null;
    const madeAt: number = (newerMadeAt ?? Date.now()) - Math.floor(random() * 25 * dayMs);
    await store.query("UPDATE s3.object_versions SET modified_at = $2, noncurrent_at = $3 WHERE id = $1", [
      id,
      new Date(madeAt),
      newerMadeAt && new Date(newerMadeAt),
    ]);
    last = { key, madeAt };
  }
  const uploads = await store.query<{ id: string }>(
    "SELECT u.id FROM s3.uploads u JOIN s3.buckets b ON b.id = u.bucket_id WHERE b.name = $1",
    [name],
  );
  for (const { id } of uploads.rows)
    await store.query("UPDATE s3.uploads SET created_at = $2 WHERE id = $1", [
      id,
      new Date(Date.now() - random() * 60 * dayMs),
    ]);
}

interface Thing {
  id: string;
  kind: "current" | "noncurrent" | "marker" | "upload";
  bytes: bigint;
}

async function thingsIn(name: string): Promise<Map<string, Thing>> {
  const { rows } = await store.query<Omit<Thing, "bytes"> & { bytes: string }>(
    `SELECT v.id::text, v.size_bytes::text AS bytes,
       CASE WHEN v.is_delete_marker THEN 'marker' WHEN v.noncurrent_at IS NULL THEN 'current' ELSE 'noncurrent' END AS kind
     FROM s3.object_versions v JOIN s3.buckets b ON b.id = v.bucket_id WHERE b.name = $1
     UNION ALL
     SELECT u.id::text, (SELECT coalesce(sum(size_bytes), 0) FROM s3.parts WHERE upload_id = u.id)::text, 'upload'
     FROM s3.uploads u JOIN s3.buckets b ON b.id = u.bucket_id WHERE b.name = $1 AND u.completed_at IS NULL`,
    [name],
  );
  return new Map(rows.map(({ id, kind, bytes }) => [id, { id, kind, bytes: BigInt(bytes) }]));
}

/** What has become of the things that were there: in the words of a preview. */
function difference(before: Map<string, Thing>, after: Map<string, Thing>): RuleCounts {
  const sum = (things: Thing[]) => ({
    count: BigInt(things.length),
    bytes: things.reduce((total, { bytes }) => total + bytes, 0n),
  });
  const all = [...before.values()];
  const gone = (kind: Thing["kind"]) => all.filter((thing) => thing.kind === kind && !after.has(thing.id));
  const hidden = all.filter(({ id, kind }) => kind === "current" && after.get(id)?.kind === "noncurrent");
  return {
    objects: sum(gone("current")),
    hidden: sum(hidden),
    versions: sum(gone("noncurrent")),
    markers: BigInt(gone("marker").length),
    uploads: sum(gone("upload")),
  };
}

async function preview(bucket: Bucket, values: LifecycleRuleValues, limits = surveyLimits) {
  const { id } = await previewRule(ours.owner, { ...values, bucketId: bucket.id });
  await runSurvey(id, randomUUID(), limits);
  const { counts, state } = await getSurvey(ours.owner, bucket.id, id);
  return { ...counts, state };
}

/** What the engine itself does by such a rule. */
async function carriedOut({ name }: Bucket, values: LifecycleRuleValues) {
  const before = await thingsIn(name);
  const rule = { ...lifecycleRuleInput.parse(values), enabled: true };
  await storage.setLifecycle({ managementKey: ours.managementKey, bucket: name, rules: [rule] });
  const now = Date.now();
  await worker.applyAll(new Date(now));
  const today = difference(before, await thingsIn(name));
  for (let day = 1; day <= 30; day += 1) await worker.applyAll(new Date(now + day * dayMs));
  const in30Days = difference(before, await thingsIn(name));
  await storage.deleteLifecycle({ managementKey: ours.managementKey, bucket: name });
  return { today, in30Days };
}

const inTenDays = new Date(Date.now() + 10 * dayMs).toISOString().slice(0, 10);
const rules: [string, LifecycleRuleValues][] = [
  ["objects by days", { expiration: "days", days: 20 }],
  ["objects of a prefix", { expiration: "days", days: 1, prefix: "logs/" }],
  ["objects from a date on", { expiration: "date", date: inTenDays }],
  ["objects and then their versions", { expiration: "days", days: 10, noncurrentDays: 7 }],
  ["versions by days", { noncurrentDays: 15 }],
  ["versions but for the newest two", { noncurrentDays: 1, newerVersions: 2 }],
  [
    "the same with objects that join them",
    { expiration: "days", days: 12, noncurrentDays: 3, newerVersions: 1 },
  ],
  ["markers with nothing behind", { expiration: "markers" }],
  ["all that nobody sees", { expiration: "markers", noncurrentDays: 5, abortDays: 7 }],
  ["uploads", { abortDays: 30 }],
  [
    "by size",
    { expiration: "days", days: 5, sizeGreaterThan: "500", sizeGreaterThanUnit: "B", noncurrentDays: 5 },
  ],
  ["by tag", { expiration: "days", days: 3, noncurrentDays: 3, tags: [{ key: "keep", value: "no" }] }],
];

describe("a preview says what the engine then does", () => {
  test.each(rules)("%s", async (_, values) => {
    const bucket = await newBucket("enabled", 7 + rules.findIndex(([, other]) => other === values));
    const { rule, bound, prefix } = await preview(bucket, values);
    expect({ bound, prefix }).toEqual({ bound: null, prefix: values.prefix ?? "" });
    // In small pages, too: keys lie across their borders, and each is begun anew from what was written down.
    const again = await preview(bucket, values, { ...surveyLimits, pageSize: 4, savedEveryMs: 0 });
    expect(again.rule).toEqual(rule);
    const done = await carriedOut(bucket, values);
    expect(rule).toEqual(done);
    // Something is removed, and something is not: or it would prove little.
    const removed = done.in30Days.objects.count + done.in30Days.versions.count + done.in30Days.hidden.count;
    expect(removed + done.in30Days.markers + done.in30Days.uploads.count).toBeGreaterThan(0n);
  });

  test.each<[Versioning, LifecycleRuleValues]>([
    ["unset", { expiration: "days", days: 10, noncurrentDays: 1 }],
    ["suspended", { expiration: "days", days: 10, noncurrentDays: 20 }],
    ["suspended", { expiration: "days", days: 25, noncurrentDays: 1, newerVersions: 1 }],
    ["suspended", { expiration: "markers", noncurrentDays: 10 }],
  ])("where versioning is %s: %j", async (versioning, values) => {
    const bucket = await newBucket(versioning, 2);
    const { rule } = await preview(bucket, values);
    expect(rule).toEqual(await carriedOut(bucket, values));
  });
});

test("tags are looked up for so many objects and no more; the rest is counted all the same", async () => {
  const bucket = await newBucket("enabled", 3);
  const values = { noncurrentDays: 1, tags: [{ key: "keep", value: "no" }] };
  const whole = await preview(bucket, values);
  expect(whole).toMatchObject({ state: "finished", bound: null });
  const part = await preview(bucket, values, { ...surveyLimits, tagLookups: 5, pageSize: 4 });
  expect(part).toMatchObject({
    state: "partial",
    bound: "tags",
    entries: whole.entries,
    current: whole.current,
  });
  expect(part.rule?.today.versions.count).toBeLessThan(whole.rule?.today.versions.count ?? 0n);
});

test("its figures are of the day on which it began", async () => {
  const bucket = await newBucket("enabled", 5);
  const { id } = await previewRule(ours.owner, { bucketId: bucket.id, expiration: "days", days: 60 });
  await queryAsOwner(
    "UPDATE bucket_survey SET state = 'running', started_at = now() + interval '90 days' WHERE id = $1",
    [id],
  );
  await runSurvey(id, randomUUID());
  const { counts } = await getSurvey(ours.owner, bucket.id, id);
  expect(counts?.rule?.today.hidden.count).toBe(counts?.current.count);
});
