import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTenant, s3Client } from "#embedded/object-store/testing.ts";
import { type FaultInstallation, startFaultInstallation } from "#tests/support/fault-installation.ts";

/** On a PostgreSQL that waits for the disk, as a real one does: the store's own tests run on one that does not. */
const Bucket = "durable";
const MIB = 1024 * 1024;

let installation: FaultInstallation;
let s3: S3Client;

beforeAll(async () => {
  installation = await startFaultInstallation();
  const store = await installation.storage();
  const { key } = await createTenant(store);
  // No second attempts: an answer that was lost is not one that was given.
  s3 = s3Client(store, key, { maxAttempts: 1 });
  await s3.send(new CreateBucketCommand({ Bucket }));
}, 180_000);
afterAll(() => installation?.stop());

it("every upload that was answered 200 is there, whole, after the store and PostgreSQL were killed in turn", async () => {
  const writing = startWriting();
  for (const victim of ["object-store", "postgres", "object-store", "postgres"] as const) {
    const before = writing.answered();
    await expect.poll(writing.answered, { timeout: 60_000 }).toBeGreaterThan(before + 20);
    await installation.signal(victim, "SIGKILL");
  }
  const survived = writing.answered();
  await expect.poll(writing.answered, { timeout: 60_000 }).toBeGreaterThan(survived + 20);

  for (const [Key, digests] of await writing.stop()) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(digests).toContain(md5(Buffer.from((await Body?.transformToByteArray()) ?? [])));
  }
});

/**
 * Writes until it is stopped: bodies that stand in rows, that have a file, and that come in parts; some keys new, some
 * again and again. `stop` gives the digests that each key's body may have: one where the last upload was answered,
 * several where it failed, which may have taken effect all the same.
 */
function startWriting(): { answered(): number; stop(): Promise<Map<string, string[]>> } {
  const possible = new Map<string, string[]>();
  let answers = 0;
  let stopped = false;
  const running = [10_000, 200_000, 11 * MIB].map(async (sizeBytes, writer) => {
    for (let i = 0; !stopped; i++) {
      const Key = `${writer}/${i % 2 ? i : "same"}`;
      const Body = randomBytes(sizeBytes);
      const upload =
        sizeBytes > MIB
          ? new Upload({ client: s3, params: { Bucket, Key, Body }, partSize: 5 * MIB }).done()
          : s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      const answered = await upload.then(
        () => true,
        () => false,
      );
      const before = possible.get(Key);
      if (answered) possible.set(Key, [md5(Body)]);
      else if (before) before.push(md5(Body));
      if (answered) answers += 1;
      else await sleep(100);
    }
  });
  return {
    answered: () => answers,
    async stop() {
      stopped = true;
      await Promise.all(running);
      return possible;
    },
  };
}

const md5 = (body: Buffer) => createHash("md5").update(body).digest("hex");
