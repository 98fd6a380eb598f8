import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { blobFile } from "./blobs.ts";
import { scrub } from "./scrub/scrub.ts";
import { admin, failure, newKeyPair, s3Client } from "./testing.ts";
import { type InProcessStore, startInProcess } from "./testing-in-process.ts";

/** A store that ran with the first migration alone, and had objects: the oldest that there can be. */

const Bucket = "kept";
const key = newKeyPair();
const large = Buffer.alloc(100_000, "large");

let running: InProcessStore;
let s3: S3Client;

beforeAll(async () => {
  running = await startInProcess(inject("postgres"), fillAsFirst);
  s3 = s3Client(running, key, { maxAttempts: 1 });
});
afterAll(() => running?.stop());

/** Rows and files as that store wrote them: each body that is not empty is a file, however small. */
async function fillAsFirst(databaseUrl: string, directory: string): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    await database.query(`
      create schema s3;
      create table s3.migrations (name text primary key, applied_at timestamptz not null default now());
      insert into s3.migrations (name) values ('0001_initial.sql')`);
    await database.query(await readFile(new URL("migrations/0001_initial.sql", import.meta.url), "utf8"));
    await database.query(`
      insert into s3.users (tenant, name, display_name, quota_enabled, quota_max_bytes)
        values ('old', 'owner', 'Padaria', true, 200000);
      insert into s3.buckets (tenant, name, owner_id, size_bytes, object_count)
        select 'old', '${Bucket}', id, 100000, 1 from s3.users;
      insert into s3.space_entries (bucket_id, size_bytes, object_count, reserved)
        select b.id, entry.* from s3.buckets b, (values (5, 2, false), (99000, 1, true)) entry`);
    await database.query(
      "insert into s3.access_keys (access_key_id, user_id, secret_access_key) select $1, id, $2 from s3.users",
      [key.accessKeyId, key.secretAccessKey],
    );
    for (const [name, body] of [
      ["empty", ""],
      ["large", large],
      ["small", "small"],
    ] as const) {
      const blobId = body.length === 0 ? null : randomUUID();
      if (blobId) {
        await mkdir(path.dirname(blobFile(directory, blobId)), { recursive: true });
        await writeFile(blobFile(directory, blobId), body);
      }
      const isSmall = name === "small";
      await database.query(
        `insert into s3.objects (bucket_id, key, blob_id, size_bytes, etag, checksum_algorithm, checksum_value,
           headers, metadata, modified_at)
         select id, $1, $2, $3, $4, $5, $6, $7, $8, '2026-01-31T12:00:00Z' from s3.buckets`,
        [
          name,
          blobId,
          body.length,
          createHash("md5").update(body).digest("hex"),
          isSmall ? "SHA256" : null,
          isSmall ? createHash("sha256").update(body).digest("base64") : null,
          isSmall ? { "content-type": "text/plain" } : {},
          isSmall ? { made: "before" } : {},
        ],
      );
    }
  } finally {
    await database.end();
  }
}

test("its objects are read as they were", async () => {
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([
    ["empty", 0],
    ["large", large.length],
    ["small", 5],
  ]);
  const small = await s3.send(new GetObjectCommand({ Bucket, Key: "small", ChecksumMode: "ENABLED" }));
  expect(await small.Body?.transformToString()).toBe("small");
  expect(small).toMatchObject({
    ContentType: "text/plain",
    Metadata: { made: "before" },
    ChecksumSHA256: createHash("sha256").update("small").digest("base64"),
    ChecksumType: "FULL_OBJECT",
    LastModified: new Date("2026-01-31T12:00:00Z"),
  });
  const range = await s3.send(new GetObjectCommand({ Bucket, Key: "large", Range: "bytes=99995-" }));
  expect(await range.Body?.transformToString()).toBe("large");
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "empty" }))).ContentLength).toBe(0);
});

test("what they take is counted on, and against the quota, with what was reserved", async () => {
  const { json } = await admin(running, "GET", "/bucket", { bucket: `old/${Bucket}`, stats: "true" });
  expect(json.usage["rgw.main"]).toMatchObject({ size: 100_005, num_objects: 3 });
  const put = s3.send(new PutObjectCommand({ Bucket, Key: "more", Body: Buffer.alloc(1000) }));
  expect(await failure(put)).toEqual({ code: "QuotaExceeded", status: 403 });
  await running.store.reservations.clearAbandoned();
  await s3.send(new PutObjectCommand({ Bucket, Key: "more", Body: Buffer.alloc(1000) }));
});

test("they are null versions, which can be hidden, replaced and deleted", async () => {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: "small", Body: "new" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "empty" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "large", VersionId: "null" }));
  const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: "" }));
  expect(Versions?.map((version) => [version.Key, version.VersionId, version.IsLatest])).toEqual([
    ["empty", "null", false],
    ["more", "null", true],
    ["small", VersionId, true],
    ["small", "null", false],
  ]);
  expect(DeleteMarkers?.map(({ Key }) => Key)).toEqual(["empty"]);
  const { database } = running.store;
  expect(await scrub({ database, directory: running.directory, dryRun: true })).toMatchObject({
    damage: [],
    unreferenced: [],
    counters: [],
  });
});
