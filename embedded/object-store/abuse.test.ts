import { once } from "node:events";
import { mkdtemp, open, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Pool } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest";
import type { Bucket as FoundBucket } from "./access.ts";
import { receiveBody } from "./body.ts";
import { createFileWriter } from "./file-writer.ts";
import { createSpaceReservations } from "./quota.ts";
import { admin, createTenant, failure, s3Client } from "./testing.ts";
import { type InProcessStore, startInProcess } from "./testing-in-process.ts";
import { parseXml } from "./xml.ts";

// What one tenant sends, by malice or mistake, must cost neither the others nor the store itself.

let running: InProcessStore;
let uid: string;
let s3: S3Client;
const Bucket = "abused";

beforeAll(async () => {
  running = await startInProcess(inject("postgres"));
  const tenant = await createTenant(running);
  uid = tenant.uid;
  s3 = s3Client(running, tenant.key);
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(() => running?.stop());
afterEach(() => vi.restoreAllMocks());

describe("documents", () => {
  test.each([
    ["elements beside each other", "<a/>".repeat(400_000)],
    ["instructions", "<?a?>".repeat(400_000)],
  ])("of nothing but %s are refused before they take time and memory", (_, inner) => {
    const before = process.memoryUsage().heapUsed;
    expect(() => parseXml(Buffer.from(`<Delete>${inner}</Delete>`), "Delete")).toThrow(
      expect.objectContaining({ code: "MalformedXML" }),
    );
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * 2 ** 20);
  });

  test("that list 10,000 parts with all that is known of them are read", () => {
    const sums = ["CRC32", "CRC64NVME", "SHA256"]
      .map((name) => `<Checksum${name}>x</Checksum${name}>`)
      .join("");
    const part = (i: number) =>
      `<Part><PartNumber>${i + 1}</PartNumber><ETag>&quot;e&quot;</ETag>${sums}</Part>`;
    const parts = Array.from({ length: 10_000 }, (_, i) => part(i)).join("");
    const { Part } = parseXml(Buffer.from(`<C>${parts}</C>`), "C");
    expect(Part).toHaveLength(10_000);
  });
});

test("a key that no object can have gets no delete marker, and spoils no other deletion", async () => {
  await s3.send(new CreateBucketCommand({ Bucket: "marked" }));
  const target = { Bucket: "marked" };
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ ...target, VersioningConfiguration }));
  await s3.send(new PutObjectCommand({ ...target, Key: "short", Body: "x" }));
  // Not all the same: PostgreSQL would compress it.
  const Key = Array.from({ length: 9000 }, (_, i) =>
    Math.floor(Math.abs(Math.sin(i)) * 36).toString(36),
  ).join("");
  for (const long of [Key, Key.slice(0, 1025)]) {
    expect(await failure(s3.send(new DeleteObjectCommand({ ...target, Key: long })))).toEqual({
      code: "KeyTooLongError",
      status: 400,
    });
    const Delete = { Objects: [{ Key: long }, { Key: "short" }] };
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ ...target, Delete }));
    expect(Deleted).toMatchObject([{ Key: "short" }]);
    expect(Errors).toMatchObject([{ Key: long, Code: "KeyTooLongError" }]);
  }
  const { DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand(target));
  expect(new Set(DeleteMarkers.map((marker) => marker.Key))).toEqual(new Set(["short"]));
});

describe("a body that comes a byte at a time", () => {
  const SIZE_BYTES = 2 ** 18;
  const bytes = () => Array.from({ length: SIZE_BYTES }, (_, i) => Buffer.of(i % 251));

  test("is written in its order, and not slower than its bytes", async () => {
    const directory = await mkdtemp(path.join(tmpdir(), "balde-writer-"));
    try {
      const file = await open(path.join(directory, "body"), "wx");
      const writer = createFileWriter(file);
      const startedAt = performance.now();
      for (const byte of [...bytes(), ...bytes()]) await writer.write(byte);
      await writer.sync();
      // A minute, where each write takes its pieces from the front of a list of them.
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      await file.close();
      const written = await readFile(path.join(directory, "body"));
      expect(written.equals(Buffer.concat([...bytes(), ...bytes()]))).toBe(true);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test("lets others have their turns", async () => {
    const source = (async function* () {
      yield* bytes();
    })();
    const expected = {
      sizeBytes: SIZE_BYTES,
      chunked: null,
      contentMd5: undefined,
      contentSha256: undefined,
      checksum: undefined,
    };
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    await receiveBody(
      source,
      expected,
      () => {},
      () => {},
    );
    clearInterval(counting);
    expect(turns).toBeGreaterThan(10);
  });
});

describe("quotas", () => {
  test("hold for a body that does not say its size while it comes in", async () => {
    const tenant = await createTenant(running);
    const client = s3Client(running, tenant.key);
    await client.send(new CreateBucketCommand({ Bucket: "unsized" }));
    const quota = { quota: "", "quota-type": "user", enabled: "true", "max-size": String(20 * 2 ** 20) };
    await admin(running, "PUT", "/user", { uid: tenant.uid, ...quota });
    const sent = await putUnsized(client, 200);
    expect(sent).toMatchObject({ status: 403, text: expect.stringContaining("QuotaExceeded") });
    // 20 that the quota has, 8 that are kept unreserved, 16 that a refused client may still send, and what is under way.
    expect(sent.mebibytes).toBeLessThan(100);
    expect(await reservations()).toEqual([]);

    expect(await putUnsized(client, 19)).toMatchObject({ status: 200 });
    expect(await putUnsized(client, 2)).toMatchObject({ status: 403 });
    expect(await reservations()).toEqual([]);
  });

  test("do not forget a reservation that is made while abandoned ones are cleared", async () => {
    const { database } = running.store;
    const { rows } = await database.query("select id, owner_id from s3.buckets where name = $1", [Bucket]);
    const bucket = { id: rows[0].id, ownerId: rows[0].owner_id, name: Bucket, hasQuota: true } as FoundBucket;
    const made: (string | null)[] = [];
    let clearing = false;
    // Each statement reaches the database only once another request has made its own.
    const slow = {
      async query(text: string, values: unknown[]) {
        if (clearing && !text.includes("reserve_space")) {
          made.push(await ours.reserve(bucket, { sizeBytes: 1, objectCount: 1 }));
        }
        return database.query(text, values);
      },
    } as unknown as Pool;
    const ours = createSpaceReservations(slow);
    const abandoned = await createSpaceReservations(database).reserve(bucket, {
      sizeBytes: 1,
      objectCount: 1,
    });
    clearing = true;
    await ours.clearAbandoned();
    clearing = false;
    expect(made.length).toBeGreaterThan(0);
    const left = await reservations();
    expect(left).toEqual(expect.arrayContaining(made));
    expect(left).not.toContain(abandoned);
    for (const id of made) await ours.release(id);
  });
});

/** Sends zeros in HTTP's chunks until they are all sent or the answer is there. */
async function putUnsized(client: S3Client, mebibytes: number) {
  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: "unsized", Key: `k${mebibytes}` }));
  const request = http.request(url, { method: "PUT" });
  request.on("error", () => {});
  let answer: http.IncomingMessage | undefined;
  const answered = once(request, "response").then(([response]) => {
    answer = response as http.IncomingMessage;
  });
  const piece = Buffer.alloc(2 ** 20);
  let sent = 0;
  for (; sent < mebibytes && !answer; sent++) {
    if (!request.write(piece)) await Promise.race([once(request, "drain"), answered]);
  }
  if (!answer) request.end();
  await answered;
  let text = "";
  for await (const part of answer as unknown as AsyncIterable<Buffer>) text += part;
  request.destroy();
  return { status: answer?.statusCode, text, mebibytes: sent };
}

async function reservations(): Promise<string[]> {
  const { rows } = await running.store.database.query("select id from s3.space_entries where reserved");
  return rows.map(({ id }) => id);
}

test("a finished file is new to the collector, however long ago its last byte came", async () => {
  const { blobs } = running.store;
  const blob = await blobs.create();
  // So much is written at once, and nothing is left to write at the end.
  await blob.write(Buffer.alloc(2 ** 20));
  const incoming = path.join(running.directory, "incoming", blob.id);
  await expect.poll(async () => (await stat(incoming)).size).toBe(2 ** 20);
  const hoursAgo = new Date(Date.now() - 3 * 3_600_000);
  await utimes(incoming, hoursAgo, hoursAgo);
  await blob.seal();
  const old: string[] = [];
  for await (const ids of blobs.listOlderThan(new Date(Date.now() - 60_000))) old.push(...ids);
  expect(old).not.toContain(blob.id);
  await blob.discard();
});

test("rules are read once, and again when they are changed", async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
  const putRule = (ID: string) => {
    const Rules = [{ ID, Status: "Enabled" as const, Filter: { Prefix: "" }, Expiration: { Days: 1 } }];
    return s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  };
  const query = vi.spyOn(running.store.database, "query");
  const readings = () => query.mock.calls.filter(([text]) => String(text).includes("lifecycle::text")).length;
  for (const [index, id] of ["first", "second"].entries()) {
    await putRule(id);
    for (let i = 0; i < 3; i++) {
      const { Expiration } = await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }));
      expect(Expiration).toContain(`rule-id="${id}"`);
    }
    expect(readings()).toBe(index + 1);
  }
});

test("a thousand rules that keep a hundred versions each are applied in one pass", async () => {
  const target = { Bucket: "ruled" };
  await s3.send(new CreateBucketCommand(target));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ ...target, VersioningConfiguration }));
  await running.store.database.query(
    `insert into s3.object_versions (bucket_id, key, version_id, size_bytes, etag, body, modified_at, noncurrent_at)
     select b.id, 'k' || key, gen_random_uuid(), 1, 'e', 'x', now() - interval '10 days',
       case when version < 100 then now() - interval '9 days' end
     from s3.buckets b, generate_series(1, 20) key, generate_series(1, 100) version where b.name = 'ruled'`,
  );
  const noncurrent = { NoncurrentDays: 1, NewerNoncurrentVersions: 100 };
  const Rules = Array.from({ length: 1000 }, (_, i) => ({
    ID: String(i),
    Status: "Enabled" as const,
    Filter: { Prefix: "k" },
    NoncurrentVersionExpiration: noncurrent,
  }));
  await s3.send(new PutBucketLifecycleConfigurationCommand({ ...target, LifecycleConfiguration: { Rules } }));
  // Longer than a statement may take, where each rule counts for itself.
  const { noncurrentRemoved } = await running.store.lifecycle.applyAll();
  expect(noncurrentRemoved).toBe(0);
}, 60_000);

test("unfinished uploads of a bucket go some at a time, and none while it is not empty", async () => {
  const target = { Bucket: "uploading" };
  await s3.send(new CreateBucketCommand(target));
  const before = await bodies();
  for (let i = 0; i < 25; i++) {
    const upload = { ...target, Key: `k${i}` };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload));
    await s3.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: "x" }));
  }
  await s3.send(new PutObjectCommand({ ...target, Key: "k", Body: "x" }));
  expect((await failure(s3.send(new DeleteBucketCommand(target)))).code).toBe("BucketNotEmpty");
  expect((await s3.send(new ListMultipartUploadsCommand(target))).Uploads).toHaveLength(25);

  await s3.send(new DeleteObjectCommand({ ...target, Key: "k" }));
  const query = vi.spyOn(running.store.database, "query");
  await s3.send(new DeleteBucketCommand(target));
  const aborted = (query.mock.calls as unknown as [string, [number, string[]]][])
    .filter(([text]) => text.includes("abort_uploads"))
    .map(([, [, ids]]) => ids.length);
  expect(aborted).toEqual([10, 10, 5]);
  const { rows } = await running.store.database.query("select from s3.parts");
  expect(rows).toEqual([]);
  expect(await bodies()).toEqual(before);
  expect((await admin(running, "GET", "/bucket", { uid })).json).not.toContain("uploading");
});

async function bodies(): Promise<string[]> {
  const names = await readdir(path.join(running.directory, "blobs"), { recursive: true });
  return names.filter((name) => name.length > 2);
}
