import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { admin, createTenant, createUser, failure, putPolicy, s3Client } from "./testing.ts";
import { withTables } from "./testing-database.ts";
import { createUsageLog } from "./usage.ts";

const HOUR_MS = 3_600_000;

describe("the log", () => {
  const tables = withTables();

  const event = (owner: string) => ({
    owner,
    bucket: "b",
    payer: "",
    category: "put_obj",
    successful: true,
    bytesSent: 1,
    bytesReceived: 10,
  });
  const rowsOf = async (owner: string) =>
    (await tables.pool.query("select * from s3.usage where owner = $1 order by hour", [owner])).rows;

  test("adds up by the hour", async () => {
    let now = Date.UTC(2026, 0, 31, 12, 59, 59);
    const usage = createUsageLog(tables.pool, () => now);
    usage.record(event("hours"));
    usage.record({ ...event("hours"), successful: false });
    await usage.flush();
    usage.record(event("hours"));
    now += 1_000;
    usage.record(event("hours"));
    await usage.flush();
    expect(await rowsOf("hours")).toMatchObject([
      {
        hour: new Date("2026-01-31T12:00:00Z"),
        ops: 3,
        successful_ops: 2,
        bytes_sent: 3,
        bytes_received: 30,
      },
      {
        hour: new Date("2026-01-31T13:00:00Z"),
        ops: 1,
        successful_ops: 1,
        bytes_sent: 1,
        bytes_received: 10,
      },
    ]);
  });

  test("counts once what was written but whose answer was lost, and loses nothing of what was not", async () => {
    let breakAs: "before" | "after" | null = null;
    const flaky = new Proxy(tables.pool, {
      get(target, name) {
        if (name !== "query") return Reflect.get(target, name);
        return async (...parameters: [string, unknown[]]) => {
          if (breakAs === "before") throw new Error("Connection terminated unexpectedly");
          const result = await target.query(...parameters);
          if (breakAs === "after") throw new Error("Connection terminated unexpectedly");
          return result;
        };
      },
    });
    const usage = createUsageLog(flaky);
    for (const fault of ["after", "before", "after", null] as const) {
      breakAs = fault;
      usage.record(event("flaky"));
      await usage.flush().catch(() => {});
    }
    usage.record(event("flaky"));
    await Promise.all([usage.flush(), usage.flush()]);
    expect(await rowsOf("flaky")).toMatchObject([{ ops: 5, bytes_received: 50 }]);
  });
});

describe("GET /admin/usage", () => {
  let store: TestObjectStore;

  beforeAll(async () => {
    store = await startObjectStore(inject("postgres"));
  });

  afterAll(() => store?.stop());

  // A test that begins just before the full hour would find its requests in two.
  beforeEach(async () => {
    const left = HOUR_MS - (Date.now() % HOUR_MS);
    if (left < 5_000) await new Promise((resolve) => setTimeout(resolve, left));
  });

  test("tells owner, bucket, hour, category and who acted", async () => {
    const { uid, tenant, key } = await createTenant(store);
    const s3 = s3Client(store, key);
    await s3.send(new CreateBucketCommand({ Bucket: "measured" }));
    await s3.send(new PutObjectCommand({ Bucket: "measured", Key: "k", Body: Buffer.alloc(1000) }));
    await s3.send(new ListBucketsCommand({}));
    await failure(s3.send(new HeadBucketCommand({ Bucket: "missing" })));
    const actor = `${tenant}$key1`;
    const scoped = s3Client(store, await createUser(store, actor));
    await putPolicy(store, actor, [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }]);
    const got = await scoped.send(
      new GetObjectCommand({ Bucket: "measured", Key: "k", Range: "bytes=0-99" }),
    );
    await got.Body?.transformToByteArray();
    await failure(scoped.send(new PutObjectCommand({ Bucket: "measured", Key: "k", Body: "x" })));

    const { json } = await admin(store, "GET", "/usage", { uid });
    expect(json.entries).toHaveLength(1);
    expect(json.entries[0].user).toBe(uid);
    const found = json.entries[0].buckets.map(
      (entry: { bucket: string; payer?: string; categories: unknown[] }) => [
        entry.bucket,
        entry.payer ?? "",
        Object.fromEntries(
          (entry.categories as Record<string, unknown>[]).map(({ category, ...counts }) => [
            category,
            counts,
          ]),
        ),
      ],
    );
    expect(found).toEqual([
      ["", "", { list_buckets: expect.objectContaining({ ops: 1, successful_ops: 1, bytes_received: 0 }) }],
      ["-", "", { stat_bucket: { ops: 1, successful_ops: 0, bytes_sent: 0, bytes_received: 0 } }],
      [
        "measured",
        "",
        {
          create_bucket: expect.objectContaining({ ops: 1, successful_ops: 1, bytes_sent: 0 }),
          put_obj: { ops: 1, successful_ops: 1, bytes_sent: 0, bytes_received: 1000 },
        },
      ],
      [
        "measured",
        actor,
        {
          get_obj: { ops: 1, successful_ops: 1, bytes_sent: 100, bytes_received: 0 },
          put_obj: expect.objectContaining({ ops: 1, successful_ops: 0, bytes_received: 0 }),
        },
      ],
    ]);
    const [entry] = json.entries[0].buckets;
    expect(entry.epoch % 3600).toBe(0);
    expect(entry.time).toBe(new Date(entry.epoch * 1000).toISOString().replace("000Z", "000000Z"));
    expect(json.summary[0].total).toMatchObject({ ops: 6, successful_ops: 4 });
  });

  test("takes a range of hours, its end exclusive", async () => {
    const { uid, key } = await createTenant(store);
    await s3Client(store, key).send(new ListBucketsCommand({}));
    const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    const format = (time: number) => new Date(time).toISOString().slice(0, 19).replace("T", " ");
    const entries = async (start: number, end: number) =>
      (
        await admin(store, "GET", "/usage", {
          uid,
          start: format(start),
          end: format(end),
          "show-summary": "false",
        })
      ).json;
    expect((await entries(hour, hour + HOUR_MS)).entries).toHaveLength(1);
    expect(await entries(hour - HOUR_MS, hour)).toEqual({ entries: [] });
    expect((await admin(store, "GET", "/usage", { start: "yesterday" })).status).toBe(400);
  });

  test("survives kill -9 but for the last seconds, and counts nothing twice", async () => {
    const { uid, key } = await createTenant(store);
    const s3 = s3Client(store, key);
    for (let i = 0; i < 5; i++) await s3.send(new ListBucketsCommand({}));
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await store.kill();
    await store.start();
    expect((await admin(store, "GET", "/usage", { uid })).json.summary[0].total.ops).toBe(5);
  });
});
