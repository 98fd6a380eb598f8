import { randomBytes } from "node:crypto";
import { readdir, readlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openBlobStore } from "./blobs.ts";
import { collectOrphans } from "./collector.ts";
import type { Store } from "./store.ts";
import { admin, createTenant, failure, s3Client } from "./testing.ts";
import { type InProcessStore, startInProcess } from "./testing-in-process.ts";

/** Too large for its row: it takes a file. */
const LARGE = Buffer.alloc(64 * 1024 + 1, 7);
const HOUR_MS = 3_600_000;
let running: InProcessStore;
let store: Store;
let directory: string;

beforeAll(async () => {
  running = await startInProcess(inject("postgres"));
  ({ store, directory } = running);
});

afterAll(() => running?.stop());

const files = async (folder: "blobs" | "incoming") =>
  (await readdir(path.join(directory, folder), { recursive: true })).filter((name) => name.length > 2);

/** A piece is good until the next is asked for. */
async function collect(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

describe("a blob", () => {
  test("is not among the others before it is sealed, and is gone when it is discarded", async () => {
    const before = await files("blobs");
    const blob = await store.blobs.create();
    await blob.write(Buffer.from("hello "));
    await blob.write(Buffer.from("world"));
    await expect(store.blobs.read(blob.id, 0, 10)).rejects.toMatchObject({ code: "ENOENT" });
    await blob.seal();
    expect(await files("incoming")).toEqual([]);
    expect((await collect(await store.blobs.read(blob.id, 4, 6))).toString()).toBe("o w");
    await blob.discard();
    expect(await files("blobs")).toEqual(before);
    await store.blobs.remove(blob.id);
  });

  test("that is being read is read to its end though it is removed", async () => {
    const blob = await store.blobs.create();
    const body = randomBytes(2_000_000);
    await blob.write(body);
    await blob.seal();
    const stream = await store.blobs.read(blob.id, 0, 1_999_999);
    await store.blobs.remove(blob.id);
    expect((await collect(stream)).equals(body)).toBe(true);
  });

  test("comes back as it was written, in pieces of any sizes, by any number of readers", async () => {
    const pieces = Array.from({ length: 400 }, (_, i) => randomBytes(i % 7 === 0 ? 0 : (i * 7919) % 100_000));
    const blob = await store.blobs.create();
    for (const piece of pieces) await blob.write(piece);
    await blob.seal();
    const whole = Buffer.concat(pieces);
    const ranges = Array.from(
      { length: 12 },
      (_, i) => [i * 1_000_003, whole.length - 1 - i * 500_001] as const,
    );
    await Promise.all(
      ranges.map(async ([first, last]) => {
        const read = await collect(await store.blobs.read(blob.id, first, last));
        expect(read.equals(whole.subarray(first, last + 1))).toBe(true);
      }),
    );
    await store.blobs.remove(blob.id);
  });

  test("leaves no file open, whether it was read to its end, in part or not at all", async () => {
    const open = async () => {
      const links = await readdir("/proc/self/fd");
      const targets = await Promise.all(links.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")));
      return targets.filter((target) => target.startsWith(directory) && target.length > directory.length + 30)
        .length;
    };
    const blob = await store.blobs.create();
    await blob.write(Buffer.alloc(2_000_000));
    await blob.seal();
    await collect(await store.blobs.read(blob.id, 0, 1_999_999));
    for await (const piece of await store.blobs.read(blob.id, 0, 1_999_999)) if (piece.length > 0) break;
    (await store.blobs.read(blob.id, 0, 1_999_999)).destroy();
    await expect.poll(open, { timeout: 5_000 }).toBe(0);
    await store.blobs.remove(blob.id);
  });

  test("that a killed process left half-received is cleared at the next start", async () => {
    await writeFile(path.join(directory, "incoming", "half"), "x");
    await openBlobStore(directory);
    expect(await files("incoming")).toEqual([]);
  });
});

describe("the store keeps no file that no object has", () => {
  test("after overwrites, deletions, refusals and the removal of a user", async () => {
    const before = (await files("blobs")).length;
    const count = async () => (await files("blobs")).length - before;
    const { uid, key } = await createTenant(running);
    const s3 = s3Client(running, key);
    const put = (Key: string, more: object = {}) =>
      s3.send(new PutObjectCommand({ Bucket: "files", Key, Body: LARGE, ...more }));
    await s3.send(new CreateBucketCommand({ Bucket: "files" }));
    for (const Key of ["a", "b", "c", "d"]) await put(Key);
    await expect.poll(count).toBe(4);
    await put("a");
    await Promise.all([put("b"), put("b"), put("b")]);
    await expect.poll(count).toBe(4);
    await put("a", { Body: Buffer.alloc(0) });
    await expect.poll(count).toBe(3);
    expect((await failure(put("c", { ChecksumCRC32: "AAAAAA==" }))).code).toBe("BadDigest");
    await Promise.all(
      [0, 1, 2].map((i) => failure(put("new", { Body: Buffer.alloc(LARGE.length, i), IfNoneMatch: "*" }))),
    );
    await expect.poll(count).toBe(4);
    await s3.send(new DeleteObjectCommand({ Bucket: "files", Key: "b" }));
    await s3.send(
      new DeleteObjectsCommand({ Bucket: "files", Delete: { Objects: [{ Key: "c" }, { Key: "new" }] } }),
    );
    await expect.poll(count).toBe(1);
    await admin(running, "DELETE", "/user", { uid, "purge-data": "true" });
    await expect.poll(count).toBe(0);
    expect(await files("incoming")).toEqual([]);
  });
});

describe("collectOrphans", () => {
  test("removes what is old and has no row, and nothing else", async () => {
    const { key } = await createTenant(running);
    const s3 = s3Client(running, key);
    await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
    await s3.send(new PutObjectCommand({ Bucket: "kept", Key: "k", Body: LARGE }));
    const [referredTo] = await files("blobs");
    const makeOrphan = async () => {
      const blob = await store.blobs.create();
      await blob.write(Buffer.from("orphan"));
      await blob.seal();
      return path.join(blob.id.slice(0, 2), blob.id);
    };
    const [old, young] = [await makeOrphan(), await makeOrphan()];
    await writeFile(path.join(directory, "blobs", "00", "a-note-of-the-operator"), "x");
    const anHourAgo = new Date(Date.now() - HOUR_MS);
    for (const file of [old, referredTo as string, "00/a-note-of-the-operator"])
      await utimes(path.join(directory, "blobs", file), anHourAgo, anHourAgo);

    expect(await collectOrphans(store.database, store.blobs, HOUR_MS / 2)).toBe(1);
    expect(new Set(await files("blobs"))).toEqual(new Set([referredTo, young, "00/a-note-of-the-operator"]));
  });
});
