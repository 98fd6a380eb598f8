import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { foldSpaceEntries } from "./space.ts";
import { admin, createTenant, failure, s3Client } from "./testing.ts";
import { withTables } from "./testing-database.ts";

let store: TestObjectStore;

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
});

afterAll(() => store?.stop());

const exceeded = { code: "QuotaExceeded", status: 403 };

async function newTenant(quota: Record<string, string>, type = "user") {
  const tenant = await createTenant(store);
  const s3 = s3Client(store, tenant.key);
  for (const Bucket of ["one", "two"]) await s3.send(new CreateBucketCommand({ Bucket }));
  await admin(store, "PUT", "/user", {
    quota: "",
    "quota-type": type,
    uid: tenant.uid,
    enabled: "true",
    ...quota,
  });
  const put = (Bucket: string, Key: string, sizeBytes: number) =>
    failure(s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(sizeBytes) })));
  const stored = async () => {
    const { json } = await admin(store, "GET", "/bucket", { uid: tenant.uid, stats: "true" });
    const usages = json.map(
      (bucket: { usage: Record<string, { size: number; num_objects: number }> }) => bucket.usage["rgw.main"],
    );
    return {
      sizeBytes: usages.reduce((sum: number, usage?: { size: number }) => sum + (usage?.size ?? 0), 0),
      objects: usages.reduce(
        (sum: number, usage?: { num_objects: number }) => sum + (usage?.num_objects ?? 0),
        0,
      ),
    };
  };
  return { ...tenant, s3, put, stored };
}

test("bytes in all buckets of an owner count together, and exactly", async () => {
  const { put, s3, stored } = await newTenant({ "max-size-kb": "10", "max-objects": "-1" });
  expect((await put("one", "a", 6 * 1024)).code).toBe("no error");
  expect(await put("two", "b", 4 * 1024 + 1)).toEqual(exceeded);
  expect((await put("two", "b", 4 * 1024)).code).toBe("no error");
  expect(await put("one", "c", 1)).toEqual(exceeded);
  expect((await put("one", "empty", 0)).code).toBe("no error");
  await s3.send(new DeleteObjectCommand({ Bucket: "one", Key: "a" }));
  expect((await put("two", "c", 6 * 1024)).code).toBe("no error");
  expect(await stored()).toEqual({ sizeBytes: 10 * 1024, objects: 3 });
});

test("60 uploads at once never take more together than there is, and all that there is", async () => {
  const { put, stored } = await newTenant({ "max-size-kb": "20", "max-objects": "-1" });
  const outcomes = await Promise.all(
    Array.from({ length: 60 }, (_, i) => put(i % 2 ? "one" : "two", `k${i}`, 1024)),
  );
  expect(outcomes.filter(({ code }) => code === "no error")).toHaveLength(20);
  expect(outcomes.filter(({ code }) => code === "QuotaExceeded")).toHaveLength(40);
  expect(await stored()).toEqual({ sizeBytes: 20 * 1024, objects: 20 });
});

test("overwrites at once leave the right sum", async () => {
  const { put, stored } = await newTenant({ "max-size-kb": "1024", "max-objects": "-1" });
  await Promise.all(Array.from({ length: 24 }, (_, i) => put("one", "same", 1000 + i)));
  const { objects, sizeBytes } = await stored();
  expect(objects).toBe(1);
  expect(sizeBytes).toBeGreaterThanOrEqual(1000);
  expect(sizeBytes).toBeLessThan(1024);
});

test("objects are limited, in all buckets or in each", async () => {
  const all = await newTenant({ "max-objects": "2" });
  const each = await newTenant({ "max-objects": "2" }, "bucket");
  const outcomes = async ({ put }: typeof all) => {
    const results = [];
    for (const [bucket, key] of ["one a", "one b", "two c", "one d"].map((text) => text.split(" "))) {
      results.push((await put(bucket as string, key as string, 1)).code);
    }
    return results;
  };
  expect(await outcomes(all)).toEqual(["no error", "no error", "QuotaExceeded", "QuotaExceeded"]);
  expect(await outcomes(each)).toEqual(["no error", "no error", "no error", "QuotaExceeded"]);
});

test("a bucket's own quota comes before its owner's default for buckets", async () => {
  const { uid, put } = await newTenant({ "max-objects": "1" }, "bucket");
  await admin(store, "PUT", "/bucket", {
    quota: "",
    uid,
    bucket: "one",
    enabled: "true",
    "max-objects": "2",
    "max-size": "-1",
  });
  expect((await put("one", "a", 1)).code).toBe("no error");
  expect((await put("one", "b", 1)).code).toBe("no error");
  expect(await put("one", "c", 1)).toEqual(exceeded);
  expect((await put("two", "a", 1)).code).toBe("no error");
  expect(await put("two", "b", 1)).toEqual(exceeded);
});

test("a quota that is switched off, or unlimited, holds nothing up", async () => {
  const { uid, put } = await newTenant({ "max-objects": "0" });
  expect(await put("one", "a", 1)).toEqual(exceeded);
  await admin(store, "PUT", "/user", { quota: "", "quota-type": "user", uid, enabled: "false" });
  expect((await put("one", "a", 1)).code).toBe("no error");
  await admin(store, "PUT", "/user", {
    quota: "",
    "quota-type": "user",
    uid,
    enabled: "true",
    "max-objects": "-1",
  });
  expect((await put("one", "b", 1)).code).toBe("no error");
});

test("a refused or failed upload gives its reservation back", async () => {
  const { s3, put } = await newTenant({ "max-size-kb": "10" });
  const broken = new PutObjectCommand({
    Bucket: "one",
    Key: "a",
    Body: Buffer.alloc(9 * 1024),
    ChecksumCRC32: "AAAAAA==",
  });
  for (let i = 0; i < 3; i++) expect((await failure(s3.send(broken))).code).toBe("BadDigest");
  expect((await put("one", "a", 10 * 1024)).code).toBe("no error");
});

describe("foldSpaceEntries", () => {
  const tables = withTables();

  beforeAll(async () => {
    await tables.pool.query("insert into s3.users (name, display_name) values ('owner', 'owner')");
  });

  const newBucket = async () => {
    const { rows } = await tables.pool.query(
      "insert into s3.buckets (tenant, name, owner_id) values ('', gen_random_uuid()::text, 1) returning id",
    );
    return rows[0].id as number;
  };
  const addEntry = (bucketId: number, reserved = false) =>
    tables.pool.query(
      "insert into s3.space_entries (bucket_id, current_bytes, current_count, reserved) values ($1, 10, 1, $2)",
      [bucketId, reserved],
    );

  test("loses and doubles nothing while entries come in, and leaves reservations alone", async () => {
    const bucketId = await newBucket();
    await addEntry(bucketId, true);
    const folds = Array.from({ length: 20 }, () => foldSpaceEntries(tables.pool));
    await Promise.all([...Array.from({ length: 200 }, () => addEntry(bucketId)), ...folds]);
    await foldSpaceEntries(tables.pool);
    const { rows } = await tables.pool.query(
      "select current_bytes, current_count from s3.buckets where id = $1",
      [bucketId],
    );
    expect(rows[0]).toEqual({ current_bytes: 2000, current_count: 200 });
    const left = await tables.pool.query("select reserved from s3.space_entries where bucket_id = $1", [
      bucketId,
    ]);
    expect(left.rows).toEqual([{ reserved: true }]);
  });

  test("does not stand in the way of a bucket that is being deleted", async () => {
    for (let round = 0; round < 20; round++) {
      const bucketId = await newBucket();
      await Promise.all(Array.from({ length: 20 }, () => addEntry(bucketId)));
      // A deadlock would make one of them fail.
      await expect(
        Promise.all([
          foldSpaceEntries(tables.pool),
          tables.pool.query("delete from s3.buckets where id = $1", [bucketId]),
          foldSpaceEntries(tables.pool),
        ]),
      ).resolves.toHaveLength(3);
    }
  });
});
