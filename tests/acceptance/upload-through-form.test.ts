// The form without JavaScript: a file of 5 GiB goes through the web process, which holds little of it, and a client that
// sends little at a time is waited for.
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStorage } from "#tests/support/storage.ts";
import {
  fileHead,
  formAnswer,
  formEnd,
  formField,
  openForm,
  peakMemoryBytes,
  sendAll,
} from "#tests/support/upload-form.ts";
import { startWebServer, type WebServer } from "#tests/support/web-server.ts";

const MiB = 2 ** 20;
const SIZE_MIB = 5 * 1024;
const LIMIT_MIB = 300;

const engine = await startStorage();
const { makeMember, signIn } = await import("#tests/support/scenario.ts");
const { createBucket } = await import("#app/domain/buckets/create-bucket.ts");
const { provisionBucket } = await import("#app/domain/buckets/provision-bucket.ts");

let web: WebServer;
let cookie: string;
let path: string;
let place: { key: { accessKeyId: string; secretAccessKey: string }; bucket: string };

beforeAll(async () => {
  const tenant = await engine.makeTenant();
  const bucket = await createBucket(tenant.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(bucket.id, randomUUID());
  place = { key: tenant.managementKey, bucket: bucket.name };
  [cookie = ""] = (await signIn(await makeMember(tenant.account, "owner"))).split(";");
  path = `/accounts/${tenant.account.slug}/buckets/${bucket.id}/upload`;
  web = await startWebServer();
});
afterAll(async () => {
  await web?.stop();
  await engine.stop();
});

test("5 GiB through the form keep the web process under 300 MiB", async () => {
  await web.ask(path, { headers: { Cookie: cookie } });
  console.log(`  before: ${await peakMiB()} MiB`);
  const request = openForm(web, path, cookie);
  const answer = formAnswer(request);
  const startedAt = performance.now();
  await sendAll(request, blocks());
  expect((await answer).status).toBe(302);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`  ${Math.round(SIZE_MIB / seconds)} MiB/s; the web process's peak: ${await peakMiB()} MiB`);
  const { sizeBytes } = await engine.storage.headObject({ ...place, object: "five" });
  expect(sizeBytes).toBe(BigInt(SIZE_MIB * MiB));
  expect(await peakMiB()).toBeLessThan(LIMIT_MIB);
}, 900_000);

// Longer than Node's own limit for a request (300 s), and than the silence after which a connection is cut (120 s).
test("a client that sends a few KiB every few seconds is not cut off", async () => {
  const request = openForm(web, path, cookie);
  const answer = formAnswer(request);
  request.write(formField("prefix", "slow/") + fileHead("line"));
  const until = performance.now() + 330_000;
  let sizeBytes = 0;
  while (performance.now() < until) {
    request.write(Buffer.alloc(4096));
    sizeBytes += 4096;
    await pause(5_000);
  }
  request.end(`\r\n${formEnd}`);
  expect((await answer).status).toBe(302);
  expect((await engine.storage.headObject({ ...place, object: "slow/line" })).sizeBytes).toBe(
    BigInt(sizeBytes),
  );
}, 400_000);

function* blocks(): Generator<string | Buffer> {
  const block = randomBytes(MiB);
  yield fileHead("five", "application/octet-stream");
  for (let i = 0; i < SIZE_MIB; i++) yield block;
  yield `\r\n${formEnd}`;
}

async function peakMiB(): Promise<number> {
  return Math.round((await peakMemoryBytes(web.pid)) / MiB);
}
