// An object of 1 GiB goes up and down through a store that holds little of it at a time.
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTenant, s3Client } from "#embedded/object-store/testing.ts";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";

const SIZE_BYTES = 2 ** 30;
const LIMIT_BYTES = 250 * 2 ** 20;
const Bucket = "big";

let store: TestObjectStore;
let s3: S3Client;

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  s3 = s3Client(store, (await createTenant(store)).key, { maxAttempts: 1 });
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(() => store?.stop());

test("up, in aws-chunked with a trailer as the SDK sends it, and down", async () => {
  const { body, digest } = bigBody();
  const startedAt = performance.now();
  const put = new PutObjectCommand({ Bucket, Key: "one", Body: body, ContentLength: SIZE_BYTES });
  const { ETag } = await s3.send(put);
  const uploadedAt = performance.now();
  expect(ETag).toBe(`"${digest()}"`);

  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: "one" }));
  expect(await md5Of(Body as Readable)).toBe(digest());
  report("up", uploadedAt - startedAt);
  report("down", performance.now() - uploadedAt);
  await expectLittleMemory();
}, 600_000);

test("to readers that are slow, several at once", async () => {
  const readers = await Promise.all(
    Array.from({ length: 8 }, () => s3.send(new GetObjectCommand({ Bucket, Key: "one" }))),
  );
  // What nobody takes must wait in the file, not in the store.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await expectLittleMemory();
  for (const { Body } of readers) (Body as Readable).destroy();
}, 60_000);

function bigBody(): { body: Readable; digest(): string } {
  const block = randomBytes(2 ** 20);
  const hash = createHash("md5");
  let result: string | undefined;
  async function* blocks(): AsyncGenerator<Buffer> {
    for (let i = 0; i < SIZE_BYTES / block.length; i++) {
      block.writeUInt32BE(i);
      hash.update(block);
      yield Buffer.from(block);
    }
  }
  return {
    body: Readable.from(blocks(), { objectMode: false }),
    digest() {
      result ??= hash.digest("hex");
      return result;
    },
  };
}

async function md5Of(body: Readable): Promise<string> {
  const hash = createHash("md5");
  for await (const piece of body) hash.update(piece);
  return hash.digest("hex");
}

/** The most that the store's process ever had in memory: VmHWM, proc_pid_status(5). */
async function expectLittleMemory(): Promise<void> {
  const status = await readFile(`/proc/${store.pid()}/status`, "utf8");
  const peakBytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  console.log(`  the store's peak: ${Math.round(peakBytes / 2 ** 20)} MiB`);
  expect(peakBytes).toBeLessThan(LIMIT_BYTES);
}

function report(direction: string, ms: number): void {
  console.log(`  1 GiB ${direction}: ${Math.round(1024 / (ms / 1000))} MiB/s`);
}
