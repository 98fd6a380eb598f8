import { randomUUID } from "node:crypto";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeEach, describe, expect, inject, test } from "vitest";
import type { StorageDriver } from "#app/ports/storage/driver.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startObjectStore } from "#tests/support/object-store.ts";
import type { Context } from "../context.ts";

const store = await startObjectStore(inject("postgres"));

/** Stands between the driver and the store, to fail for some and to slow answers down. */
const faults = { refuse: (_url: string) => false, delayMs: 0 };
const proxy = createServer(async (incoming, answer) => {
  if (faults.refuse(incoming.url ?? "")) return answer.writeHead(503).end();
  if (faults.delayMs > 0) await delay(faults.delayMs);
  const { port } = new URL(store.endpoint);
  const { method, url: path, headers } = incoming;
  const outgoing = request({ host: "127.0.0.1", port, method, path, headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  outgoing.on("error", () => answer.destroy());
  incoming.pipe(outgoing);
});
await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));

Object.assign(process.env, {
  STORAGE_ENDPOINT: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  STORAGE_REGION: store.region,
  STORAGE_ADMIN_ACCESS_KEY: store.adminKey.accessKeyId,
  STORAGE_ADMIN_SECRET_KEY: store.adminKey.secretAccessKey,
});
const { storage }: { storage: StorageDriver } = await import("#app/ports/storage/storage.server.ts");
const { db } = await import("#app/ports/db.server.ts");
const { engineTenant } = await import("../accounts/engine-tenant.ts");
const { collectUsage } = await import("./collect-usage.ts");
const { readUsageSummary, readUsageByBucket } = await import("./read-usage.ts");
const { readQuotas } = await import("../quotas/read-quotas.ts");

afterAll(async () => {
  await db.$disconnect();
  proxy.close();
  await store.stop();
});

beforeEach(async () => {
  faults.refuse = () => false;
  faults.delayMs = 0;
  // Each test measures its own accounts only.
  await queryAsOwner("UPDATE account SET state = 'closed'");
});

/** An active account with a tenant at the engine, a bucket and a client of its own. */
async function newAccount() {
  const id = randomUUID();
  await queryAsOwner(
    `INSERT INTO account (id, slug, name, document, state, activated_at)
     VALUES ($1, $2, 'Padaria São João', $2, 'active', now())`,
    [id, id],
  );
  await queryAsOwner(
    `INSERT INTO quota (id, account_id, resource, limit_value, updated_at)
     VALUES (gen_random_uuid(), $1, 'storage_bytes', 1000000, now())`,
    [id],
  );
  const tenant = engineTenant(id);
  const managementKey = generateAccessKey();
  const key = generateAccessKey();
  const quota = { maxSizeBytes: null, maxObjects: null };
  await storage.provisionTenant({ tenant, displayName: "Padaria São João", managementKey, quota });
  await storage.createAccessKey({
    tenant,
    user: "key-1",
    ...key,
    permission: "read_write",
    buckets: "all",
  });
  const s3 = new S3Client({
    endpoint: store.endpoint,
    region: store.region,
    credentials: key,
    forcePathStyle: true,
  });
  await storage.createBucket({ managementKey, bucket: "fotos" });
  const context: Context = {
    actor: { kind: "user", userId: randomUUID() },
    session: null,
    accountId: id,
    access: { memberRole: "owner", providerRole: null, accountState: "active", secondFactorMissing: false },
    origin: { requestId: "test", address: null, userAgent: null },
    locale: "pt-BR",
  };
  return { id, tenant, managementKey, s3, context };
}

type Account = Awaited<ReturnType<typeof newAccount>>;

async function put({ s3 }: Account, Key: string, size: number, Bucket = "fotos") {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(size) }));
}

async function get({ s3 }: Account, Key: string) {
  const object = await s3.send(new GetObjectCommand({ Bucket: "fotos", Key }));
  await object.Body?.transformToByteArray();
}

function recordsOf({ id }: Account) {
  return queryAsOwner<{ bucket: string; metric: string; revision: number; quantity: string }>(
    `SELECT bucket, metric, revision, quantity FROM usage_record WHERE account_id = $1
     ORDER BY bucket, metric, hour, revision`,
    [id],
  );
}

async function collectionOf({ id }: Account) {
  return db.usageCollection.findUnique({ where: { accountId: id } });
}

describe("a known set of requests", () => {
  test("gives exactly its numbers, without the console's own", async () => {
    const account = await newAccount();
    await put(account, "a", 1_000);
    await put(account, "b", 2_500);
    for (const key of ["a", "b", "b"]) await get(account, key);
    await account.s3.send(new HeadObjectCommand({ Bucket: "fotos", Key: "a" }));
    await account.s3.send(new ListObjectsV2Command({ Bucket: "fotos" }));
    await account.s3.send(new DeleteObjectCommand({ Bucket: "fotos", Key: "a" }));
    // Management traffic, and a second bucket that nobody used.
    await storage.createBucket({ managementKey: account.managementKey, bucket: "vazio" });

    const before = new Date();
    await collectUsage();

    const summary = await readUsageSummary(account.context);
    expect(summary).toMatchObject({
      storedBytes: 2_500n,
      objects: 1n,
      requestsRead: 4n,
      requestsWrite: 4n,
    });
    // Bodies, with the few bytes of the SDK's chunk framing and of the list's XML.
    expect(Number(summary.ingressBytes)).toBeGreaterThanOrEqual(3_500);
    expect(Number(summary.ingressBytes)).toBeLessThan(4_000);
    expect(Number(summary.egressBytes)).toBeGreaterThanOrEqual(6_000);
    expect(Number(summary.egressBytes)).toBeLessThan(7_500);
    expect(summary.measuredAt?.getTime()).toBeGreaterThanOrEqual(before.getTime());

    const { buckets, total } = await readUsageByBucket(account.context);
    expect(total).toBe(2);
    expect(buckets).toMatchObject([
      { bucket: "fotos", storedBytes: 2_500n, objects: 1n, requestsRead: 4n },
      { bucket: "vazio", storedBytes: 0n, objects: 0n, requestsRead: 0n, requestsWrite: 0n },
    ]);
    expect(await readQuotas(account.context)).toMatchObject([
      { resource: "storage_bytes", limit: 1_000_000n, used: 2_500n, measuredAt: summary.measuredAt },
    ]);
  });

  test("nothing is known before the first measurement", async () => {
    const account = await newAccount();
    expect(await readUsageSummary(account.context)).toMatchObject({
      measuredAt: null,
      storedBytes: null,
      requestsRead: 0n,
    });
  });
});

describe("collecting again", () => {
  test("writes nothing where nothing changed, and one revision where an hour has grown", async () => {
    const account = await newAccount();
    await put(account, "a", 10);
    await collectUsage();
    const first = await recordsOf(account);
    await collectUsage();
    expect(await recordsOf(account)).toEqual(first);

    await put(account, "b", 5);
    await collectUsage();
    const writes = (await recordsOf(account)).filter(({ metric }) => metric === "requests_write");
    // One per hour, should the test run over the full hour.
    expect(writes.map(({ quantity }) => quantity).at(-1)).toBe(
      writes.length === 2 ? "2" : writes.at(-1)?.quantity,
    );
    expect(await readUsageSummary(account.context)).toMatchObject({
      storedBytes: 15n,
      objects: 2n,
      requestsWrite: 2n,
    });
  });

  test("two at once count nothing twice", async () => {
    const account = await newAccount();
    await put(account, "a", 10);
    faults.delayMs = 20;
    await Promise.all([collectUsage(), collectUsage(), collectUsage({ accountId: account.id })]);
    const records = await recordsOf(account);
    expect(records.every(({ revision }) => revision === 1)).toBe(true);
    expect(await readUsageSummary(account.context)).toMatchObject({ storedBytes: 10n, requestsWrite: 1n });
  });

  test("a deleted bucket stores nothing any more, and keeps what it was used for", async () => {
    const account = await newAccount();
    await put(account, "a", 700);
    await collectUsage();
    await account.s3.send(new DeleteObjectCommand({ Bucket: "fotos", Key: "a" }));
    await put(account, "b", 300);
    await collectUsage();
    expect(await readUsageSummary(account.context)).toMatchObject({ storedBytes: 300n });

    await account.s3.send(new DeleteObjectCommand({ Bucket: "fotos", Key: "b" }));
    await storage.deleteBucket({ managementKey: account.managementKey, bucket: "fotos" });
    await collectUsage();
    expect(await readUsageSummary(account.context)).toMatchObject({
      storedBytes: 0n,
      objects: 0n,
      requestsWrite: 4n,
    });
    const again = await recordsOf(account);
    await collectUsage();
    expect(await recordsOf(account)).toEqual(again);
  });
});

describe("when something fails", () => {
  test("one account's failure is noted and does not stop the others", async () => {
    const accounts = await Promise.all(Array.from({ length: 11 }, newAccount));
    accounts.sort((a, b) => (a.id < b.id ? -1 : 1));
    const [failing, ...others] = accounts as [Account, ...Account[]];
    faults.refuse = (url) => url.includes(failing.tenant);
    await collectUsage();

    expect(await collectionOf(failing)).toMatchObject({
      measuredAt: null,
      lastError: "storage usage: unavailable (503)",
    });
    for (const account of others) {
      expect(await collectionOf(account)).toMatchObject({ measuredAt: expect.any(Date), lastError: null });
    }

    faults.refuse = () => false;
    await collectUsage();
    expect(await collectionOf(failing)).toMatchObject({ measuredAt: expect.any(Date), lastError: null });
  });

  test("an engine that is down fails the job, keeps the last figures, and is caught up with", async () => {
    const account = await newAccount();
    const fresh = await newAccount();
    await put(account, "a", 10);
    await collectUsage();
    const measured = await collectionOf(account);
    await put(account, "b", 20);
    await store.kill();

    await expect(collectUsage()).rejects.toMatchObject({ name: "StorageError", code: "unavailable" });
    expect(await collectionOf(account)).toMatchObject({
      measuredAt: measured?.measuredAt,
      lastError: expect.stringContaining("unavailable"),
    });
    expect(await collectionOf(fresh)).toMatchObject({ lastError: expect.stringContaining("unavailable") });
    expect(await readUsageSummary(account.context)).toMatchObject({ storedBytes: 10n });

    await store.start();
    await put(account, "c", 30);
    await collectUsage();
    expect(await collectionOf(account)).toMatchObject({ lastError: null });
    expect(await readUsageSummary(account.context)).toMatchObject({ storedBytes: 60n, objects: 3n });
  });

  test("accounts that are not at the engine are left alone", async () => {
    const account = await newAccount();
    await queryAsOwner("UPDATE account SET state = 'pending' WHERE id = $1", [account.id]);
    await collectUsage();
    expect(await collectionOf(account)).toBeNull();
  });
});
