import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { collectOrphans } from "./collector.ts";
import {
  admin,
  createTenant,
  failure,
  type KeyPair,
  type RunningStore,
  s3Client,
  signer,
} from "./testing.ts";
import { startInProcess } from "./testing-in-process.ts";

let store: TestObjectStore;
let tenant: Tenant;
const Bucket = "durable";

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  tenant = await newTenant(store);
});

afterAll(() => store?.stop());

test("every PUT that was answered 200 is there, whole, after kill -9 in the middle of many", async () => {
  const writing = startWriting(tenant, 6);
  await expect.poll(writing.answered, { timeout: 20_000 }).toBeGreaterThan(50);
  await store.kill();
  const answered = await writing.stop();
  await store.start();
  expect(answered.size).toBeGreaterThan(20);
  await expectThere(tenant, answered);
  await expectRightSizes(tenant);
});

test("and after the database has broken off every connection, again and again", async () => {
  const inProcess = await startInProcess(inject("postgres"));
  const superuser = new pg.Client({ connectionString: inject("postgres").superuserUrl });
  await superuser.connect();
  try {
    const tenant = await newTenant(inProcess);
    const writing = startWriting(tenant, 6);
    for (let round = 0; round < 15 || writing.answered() <= 20; round++) {
      await sleep(100);
      await superuser.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
        inProcess.databaseName,
      ]);
    }
    const answered = await writing.stop();
    expect(answered.size).toBeGreaterThan(20);
    // The collector must not take what an unanswered commit has made.
    await collectOrphans(inProcess.store.database, inProcess.store.blobs, -1_000);
    await expectThere(tenant, answered);
    await expectRightSizes(tenant);
  } finally {
    await superuser.end();
    await inProcess.stop();
  }
});

test("a body that is cut off leaves nothing visible and no reservation", async () => {
  const before = await tenant.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "cut" }));
  expect(before.KeyCount).toBe(0);
  const cutOff = () => store.output().split('"error":"IncompleteBody"').length - 1;
  for (const round of [1, 2, 3]) {
    await sendHalf("cut/off", 60 * 1024 * 1024);
    await expect.poll(cutOff, { timeout: 10_000 }).toBe(round);
  }
  const after = await tenant.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "cut" }));
  expect(after.KeyCount).toBe(0);
  // Each had reserved most of the quota, and the next one of that size still fitted.
  await tenant.s3.send(new PutObjectCommand({ Bucket, Key: "whole", Body: Buffer.alloc(50 * 1024 * 1024) }));
  await tenant.s3.send(new PutObjectCommand({ Bucket, Key: "whole", Body: "small" }));
});

test("a full disk gives an error, and loses nothing", async () => {
  const small = await startObjectStore(inject("postgres"), { diskBytes: 8 * 1024 * 1024 });
  try {
    const { key } = await createTenant(small);
    const s3 = s3Client(small, key, { maxAttempts: 1 });
    await s3.send(new CreateBucketCommand({ Bucket }));
    const put = (Key: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(1024 * 1024, Key) }));
    const stored: string[] = [];
    const full = expect.objectContaining({ code: "ServiceUnavailable", status: 503 });
    for (let i = 0; i < 20; i++) {
      const answer = await failure(put(`${i}`));
      if (answer.code === "no error") stored.push(`${i}`);
      else expect(answer).toEqual(full);
    }
    expect(stored.length).toBeGreaterThan(4);
    expect(stored.length).toBeLessThanOrEqual(8);
    // An overwrite that fails leaves the object that was there.
    expect(await failure(put(stored[0] as string))).toEqual(full);

    const listed = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(stored.toSorted());
    for (const Key of stored) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      expect(await Body?.transformToByteArray()).toEqual(new Uint8Array(Buffer.alloc(1024 * 1024, Key)));
    }
    // What failed has taken no room: there is some again as soon as an object goes.
    await s3.send(new DeleteObjectCommand({ Bucket, Key: stored[0] }));
    await put("again");
    expect(await failure(put("one too many"))).toEqual(full);
  } finally {
    await small.stop();
  }
});

test("a part that is cut off leaves nothing, and its upload goes on", async () => {
  const upload = { Bucket, Key: "in-parts" };
  const { UploadId } = await tenant.s3.send(new CreateMultipartUploadCommand(upload));
  const cutOff = () => store.output().split('"error":"IncompleteBody"').length;
  const before = cutOff();
  await sendHalf("in-parts", 50 * 1024 * 1024, { partNumber: "1", uploadId: `${UploadId}` });
  await expect.poll(cutOff, { timeout: 10_000 }).toBe(before + 1);
  expect((await tenant.s3.send(new ListPartsCommand({ ...upload, UploadId }))).Parts ?? []).toEqual([]);
  const part = { ...upload, UploadId, PartNumber: 1, Body: Buffer.alloc(40 * 1024 * 1024) };
  await tenant.s3.send(new UploadPartCommand(part));
  await tenant.s3.send(new AbortMultipartUploadCommand({ ...upload, UploadId }));
});

test("uploads in parts are whole or open after kill -9 in the middle of many", async () => {
  const part = randomBytes(300_000);
  const s3 = s3Client(store, tenant.key, { maxAttempts: 1 });
  const completed = new Set<string>();
  let stopped = false;
  const writing = Array.from({ length: 4 }, async (_, writer) => {
    for (let i = 0; !stopped; i++) {
      const upload = { Bucket, Key: `parts/${writer}/${i % 5}` };
      const made = await completeUpload(s3, upload, part).then(
        () => true,
        () => false,
      );
      if (made) completed.add(upload.Key);
      else await sleep(50);
    }
  });
  await expect.poll(() => completed.size, { timeout: 20_000 }).toBeGreaterThan(10);
  await store.kill();
  stopped = true;
  await Promise.all(writing);
  await store.start();

  for (const Key of completed) {
    const { Body, ETag } = await tenant.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(md5(Buffer.from((await Body?.transformToByteArray()) ?? []))).toBe(md5(part));
    expect(ETag).toMatch(/-1"$/);
  }
  // What was open stays so: its client may go on with it, or abort it.
  const { Uploads = [] } = await tenant.s3.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads) {
    await tenant.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  }
  await expectRightSizes(tenant);
});

async function completeUpload(
  s3: S3Client,
  upload: { Bucket: string; Key: string },
  Body: Buffer,
): Promise<void> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload));
  const { ETag } = await s3.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await s3.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload }));
}

/** Signs a PUT of `sizeBytes`, sends a part of its body and hangs up. */
async function sendHalf(
  objectKey: string,
  sizeBytes: number,
  query: Record<string, string> = {},
): Promise<void> {
  const { hostname, port, host } = new URL(store.endpoint);
  const path = `/${Bucket}/${objectKey}`;
  const { headers } = await signer(tenant.key, store.region).sign({
    method: "PUT",
    protocol: "http:",
    hostname,
    port: Number(port),
    path,
    query,
    headers: { host, "content-length": String(sizeBytes), "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
  });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const socket = connect(Number(port), hostname);
  const search = new URLSearchParams(query).toString();
  socket.write(`PUT ${path}${search && `?${search}`} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  await new Promise((resolve) => socket.write(randomBytes(300_000), resolve));
  await new Promise((resolve) => setTimeout(resolve, 200));
  socket.destroy();
}

type Tenant = { store: RunningStore; uid: string; key: KeyPair; s3: S3Client };

/** An owner with a bucket, under a quota of 64 MiB. */
async function newTenant(of: RunningStore): Promise<Tenant> {
  const { uid, key } = await createTenant(of);
  const s3 = s3Client(of, key);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const quota = { enabled: "true", "max-size-kb": String(64 * 1024), "max-objects": "-1" };
  await admin(of, "PUT", "/user", { quota: "", "quota-type": "user", uid, ...quota });
  return { store: of, uid, key, s3 };
}

/**
 * Writes until it is stopped: some keys new, some again and again.
 *
 * `answered` says how many keys have been written; `stop` gives the MD5 digests that each key's body may have: one where the last PUT was answered, several where
 * PUTs failed, which may have taken effect all the same.
 */
function startWriting(
  { store, key }: Tenant,
  writers: number,
): { answered(): number; stop(): Promise<Map<string, string[]>> } {
  const possible = new Map<string, string[]>();
  // No second attempts: an answer that was lost is not one that was given.
  const s3 = s3Client(store, key, { maxAttempts: 1 });
  let stopped = false;
  const running = Array.from({ length: writers }, async (_, writer) => {
    for (let i = 0; !stopped; i++) {
      const Key = `${writer}/${i % 2 ? i : "same"}`;
      // About half of them stand in their rows, and half have files.
      const Body = randomBytes(1 + Math.floor(Math.random() * 130_000));
      const answered = await s3.send(new PutObjectCommand({ Bucket, Key, Body })).then(
        () => true,
        () => false,
      );
      const before = possible.get(Key);
      if (answered) possible.set(Key, [md5(Body)]);
      else if (before) before.push(md5(Body));
      if (!answered) await sleep(50);
    }
  });
  return {
    answered: () => possible.size,
    async stop() {
      stopped = true;
      await Promise.all(running);
      return possible;
    },
  };
}

async function expectThere({ store, key }: Tenant, possible: Map<string, string[]>): Promise<void> {
  const s3 = s3Client(store, key);
  for (const [Key, digests] of possible) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(digests).toContain(md5(Buffer.from((await Body?.transformToByteArray()) ?? [])));
  }
}

/** The store's counters agree with what it lists. */
async function expectRightSizes({ store, uid, key }: Tenant): Promise<void> {
  const s3 = s3Client(store, key);
  const listed = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
    listed.push(...(page.Contents ?? []));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  const { json } = await admin(store, "GET", "/bucket", { uid, stats: "true" });
  expect(json[0].usage["rgw.main"]).toMatchObject({
    num_objects: listed.length,
    size: listed.reduce((sum, { Size = 0 }) => sum + Size, 0),
  });
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const md5 = (body: Buffer) => createHash("md5").update(body).digest("hex");
