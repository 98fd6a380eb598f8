import { readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createTenant, failure, s3Client } from "../testing.ts";
import { type InProcessStore, startInProcess } from "../testing-in-process.ts";
import { scrub } from "./scrub.ts";

const Bucket = "scrubbed";
/** Too large for its row. */
const LARGE_BYTES = 64 * 1024 + 1;

let running: InProcessStore;
let s3: S3Client;
let tenant: string;

beforeAll(async () => {
  running = await startInProcess(inject("postgres"));
});
afterAll(() => running?.stop());

beforeEach(async () => {
  await running.store.database.query(
    "truncate s3.object_versions, s3.uploads, s3.space_entries, s3.buckets cascade",
  );
  await rm(path.join(running.directory, "quarantine"), { recursive: true, force: true });
  for (const file of await files("blobs")) await rm(path.join(running.directory, "blobs", file));
  const created = await createTenant(running);
  tenant = created.tenant;
  s3 = s3Client(running, created.key, { maxAttempts: 1 });
  await s3.send(new CreateBucketCommand({ Bucket }));
});

const put = (Key: string, sizeBytes: number, fill = 1) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(sizeBytes, fill) }));
const run = (dryRun = false) =>
  scrub({ database: running.store.database, directory: running.directory, dryRun });

/** Paths below one of the store's folders, without the folders between. */
async function files(folder: string): Promise<string[]> {
  const entries = await readdir(path.join(running.directory, folder), {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(path.join(running.directory, folder), path.join(entry.parentPath, entry.name)),
    );
}

/** The file of the one large object that has been put. */
async function onlyFile(): Promise<string> {
  const found = await files("blobs");
  expect(found).toHaveLength(1);
  return path.join(running.directory, "blobs", found[0] as string);
}

test("a sound store has nothing to report, whatever was done to it", async () => {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  for (const Key of ["a", "b"]) for (const size of [0, 10, LARGE_BYTES]) await put(Key, size, size % 200);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  expect(await run()).toEqual({
    bodies: 4,
    sizeBytes: 2 * (10 + LARGE_BYTES),
    damage: [],
    unreferenced: [],
    counters: [],
  });
});

test("a file that has changed goes to quarantine, and its object is no longer served", async () => {
  await put("odd\nkey", LARGE_BYTES);
  const file = await onlyFile();
  const bytes = await readFile(file);
  bytes[1000] = 99;
  await writeFile(file, bytes);

  expect((await run(true)).damage).toMatchObject([{ problem: "checksum" }]);
  expect(await onlyFile()).toBe(file);
  const quarantinedAs = path.join(running.directory, "quarantine", path.basename(file));
  expect((await run()).damage).toEqual([
    {
      bucket: `${tenant}/${Bucket}`,
      key: "odd\nkey",
      version: "null",
      blobId: path.basename(file),
      problem: "checksum",
      quarantinedAs,
    },
  ]);
  expect(await readFile(quarantinedAs)).toEqual(bytes);
  expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: "odd\nkey" })))).toEqual({
    code: "InternalError",
    status: 500,
  });
  await put("odd\nkey", LARGE_BYTES);
  expect((await run()).damage).toEqual([]);
});

test("files that are cut short or gone are told apart", async () => {
  await put("short", LARGE_BYTES);
  await truncate(await onlyFile(), 5);
  expect((await run(true)).damage).toMatchObject([{ key: "short", problem: "size" }]);
  await rm(await onlyFile());
  expect((await run()).damage).toMatchObject([{ key: "short", problem: "missing" }]);
});

test("a body in the database that has changed is found", async () => {
  await put("small", 10);
  await running.store.database.query("update s3.object_versions set body = 'abcdefghij'");
  expect((await run()).damage).toMatchObject([{ key: "small", blobId: null, problem: "checksum" }]);
});

test("files that no row refers to are named once they are old enough", async () => {
  await put("kept", LARGE_BYTES);
  const directory = path.join(running.directory, "blobs", "00");
  const orphan = path.join(directory, "00000000-0000-4000-8000-000000000000");
  const foreign = path.join(directory, "note.txt");
  const young = path.join(directory, "00000000-0000-4000-8000-000000000001");
  for (const file of [orphan, foreign, young]) await writeFile(file, "left behind");
  const anHourAgo = new Date(Date.now() - 3_600_000);
  for (const file of [orphan, foreign]) await utimes(file, anHourAgo, anHourAgo);

  const { damage, unreferenced } = await run();
  expect(damage).toEqual([]);
  expect(unreferenced.toSorted((a, b) => a.file.localeCompare(b.file))).toEqual([
    { file: orphan, sizeBytes: 11 },
    { file: foreign, sizeBytes: 11 },
  ]);
});

test("counters that differ from what they count are told", async () => {
  await put("a", 10);
  await running.store.database.query("update s3.buckets set current_bytes = current_bytes + 1");
  expect((await run()).counters).toEqual([
    { bucket: `${tenant}/${Bucket}`, counter: "current_bytes", counted: 11, real: 10 },
  ]);
});

test("a store that is written to meanwhile shows no damage", async () => {
  let writing = true;
  const writers = [1, 2, 3].map(async (writer) => {
    for (let round = 0; writing; round++) {
      await put(`k${round % 3}`, LARGE_BYTES + writer, round % 250);
      if (round % 5 === 0) await s3.send(new DeleteObjectCommand({ Bucket, Key: "k1" }));
    }
  });
  const reports = [];
  for (let round = 0; round < 5; round++) reports.push(await run());
  writing = false;
  await Promise.all(writers);
  expect(reports.flatMap(({ damage }) => damage)).toEqual([]);
  expect(reports.flatMap(({ counters }) => counters)).toEqual([]);
});
