import {
  CreateBucketCommand,
  DeleteBucketCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { noteStorageHours } from "./storage-hours.ts";
import { admin, createTenant, s3Client } from "./testing.ts";
import { type InProcessStore, startInProcess } from "./testing-in-process.ts";

const HOUR_MS = 3_600_000;
/** The next full hour, and those after it: the bucket is older than each. */
const hour = (count: number) => (Math.floor(Date.now() / HOUR_MS) + count) * HOUR_MS;

let running: InProcessStore;
let uid: string;
let s3: S3Client;

beforeAll(async () => {
  running = await startInProcess(inject("postgres"));
  const tenant = await createTenant(running);
  uid = tenant.uid;
  s3 = s3Client(running, tenant.key);
  await s3.send(new CreateBucketCommand({ Bucket: "held" }));
});
afterAll(() => running?.stop());

const put = (Key: string, sizeBytes: number) =>
  s3.send(new PutObjectCommand({ Bucket: "held", Key, Body: Buffer.alloc(sizeBytes) }));
const note = (at: number) => noteStorageHours(running.store.database, at);

async function storage(): Promise<{ bucket: string; epoch: number; current: { size: number } }[]> {
  return (await admin(running, "GET", "/usage", { uid, "show-storage": "true" })).json.storage;
}

test("each hour has what its first note saw, those without a note too, and a deleted bucket's hours stay", async () => {
  await put("a", 1000);
  await note(hour(1));
  await put("b", 500);
  await note(hour(1) + HOUR_MS / 2);
  // Three hours without a note: the store was not running, and nothing changed.
  await note(hour(4));
  expect((await storage()).map(({ epoch, current }) => [epoch * 1000, current.size])).toEqual([
    [hour(1), 1000],
    [hour(2), 1500],
    [hour(3), 1500],
    [hour(4), 1500],
  ]);

  await s3.send(new CreateBucketCommand({ Bucket: "brief" }));
  await note(hour(5));
  await s3.send(new DeleteBucketCommand({ Bucket: "brief" }));
  await note(hour(6));
  expect((await storage()).filter(({ bucket }) => bucket === "brief")).toEqual([
    {
      user: uid,
      bucket: "brief",
      time: new Date(hour(5)).toISOString().replace(".000Z", ".000000Z"),
      epoch: hour(5) / 1000,
      current: { size: 0, num_objects: 0 },
      noncurrent: { size: 0, num_objects: 0 },
      uploads: { size: 0, num_parts: 0 },
      num_delete_markers: 0,
    },
  ]);
});

test("is forgotten with the counts of requests when the administrator trims them", async () => {
  await note(hour(10));
  const end = new Date(hour(4)).toISOString().slice(0, 19).replace("T", " ");
  expect((await admin(running, "DELETE", "/usage", { end })).status).toBe(400);
  expect((await admin(running, "DELETE", "/usage", { uid, end })).status).toBe(200);
  expect((await storage()).every(({ epoch }) => epoch * 1000 >= hour(4))).toBe(true);
  expect((await admin(running, "DELETE", "/usage", { "remove-all": "true" })).status).toBe(200);
  const { json } = await admin(running, "GET", "/usage", { uid, "show-storage": "true" });
  expect(json).toEqual({ entries: [], summary: [], storage: [] });
});
