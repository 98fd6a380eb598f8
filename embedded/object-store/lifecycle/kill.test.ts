import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { admin, createTenant, s3Client } from "../testing.ts";

let store: TestObjectStore;
let uid: string;
let s3: S3Client;
const Bucket = "expiring";
// Three steps' worth, some with files, and some that no rule is for.
const OLD = 1100;
const KEPT = 100;
const OBJECTS = OLD + KEPT;
const bodyOf = (i: number) => (i % 10 === 0 ? Buffer.alloc(70_000, i) : String(i));

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  const tenant = await createTenant(store);
  uid = tenant.uid;
  s3 = s3Client(store, tenant.key);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: {
        Rules: [
          {
            Status: "Enabled",
            Filter: { Prefix: "old/" },
            Expiration: { Days: 1 },
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          },
        ],
      },
    }),
  );
  let next = 0;
  const put = async () => {
    for (let i = next++; i < OBJECTS; i = next++) {
      const folder = i < KEPT ? "kept" : "old";
      await s3.send(new PutObjectCommand({ Bucket, Key: `${folder}/${i}`, Body: bodyOf(i) }));
    }
  };
  await Promise.all(Array.from({ length: 16 }, put));
});

afterAll(() => store?.stop());

test("kill -9 in the middle of a walk loses nothing and repeats nothing", async () => {
  const dayFrom = (days: number) =>
    new Date((Math.floor(Date.now() / 86_400_000) + days) * 86_400_000).toISOString();
  const applyAt = (now: string) => admin(store, "POST", "/lifecycle", { process: "", now });
  // On the first day objects are hidden, on the second one their versions and markers go.
  let killedBetweenSteps = 0;
  for (const [now, countDone] of [
    [dayFrom(2), ({ markers }) => markers.length],
    [dayFrom(3), ({ versions }) => OBJECTS - versions.length],
  ] as [string, (all: Listed) => number][]) {
    for (const patienceMs of [0, 60]) {
      const before = countDone(await listAll());
      const walking = applyAt(now).catch(() => "killed");
      await expect
        .poll(async () => countDone(await listAll()), { interval: 1, timeout: 20_000 })
        .toBeGreaterThan(before);
      await new Promise((resolve) => setTimeout(resolve, patienceMs));
      await store.kill();
      await walking;
      await store.start();
      const done = countDone(await listAll());
      if (done < OLD) killedBetweenSteps++;
      await expectConsistent();
      if (done === OLD) break;
    }
    expect((await applyAt(now)).status).toBe(200);
    expect((await applyAt(now)).json).toEqual({
      currentExpired: 0,
      noncurrentRemoved: 0,
      deleteMarkersRemoved: 0,
      uploadsAborted: 0,
    });
    await expectConsistent();
  }
  expect(killedBetweenSteps).toBeGreaterThan(0);
  const { versions, markers } = await listAll();
  expect([versions.length, markers.length]).toEqual([KEPT, 0]);
  for (const { Key } of versions) await s3.send(new HeadObjectCommand({ Bucket, Key }));
}, 60_000);

type Listed = Awaited<ReturnType<typeof listAll>>;

/** Each key has at most one marker, and is either as it was, or hidden; and the bucket takes what it holds. */
async function expectConsistent(): Promise<void> {
  const { versions, markers } = await listAll();
  expect(new Set(markers.map(({ Key }) => Key)).size).toBe(markers.length);
  const hidden = new Set(markers.map(({ Key }) => Key));
  for (const { Key, IsLatest } of versions) expect(IsLatest).toBe(!hidden.has(Key));
  expect(versions.filter(({ Key }) => Key?.startsWith("kept/"))).toHaveLength(KEPT);
  const { json } = await admin(store, "GET", "/bucket", { uid, stats: "true" });
  expect(json[0].usage["rgw.main"]).toMatchObject({
    size: versions.reduce((sum, { Size = 0 }) => sum + Size, 0),
  });
}

async function listAll() {
  const versions = [];
  const markers = [];
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }));
    versions.push(...(page.Versions ?? []));
    markers.push(...(page.DeleteMarkers ?? []));
    KeyMarker = page.NextKeyMarker;
    VersionIdMarker = page.NextVersionIdMarker;
  } while (KeyMarker !== undefined);
  return { versions, markers };
}
