import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { admin, createUser, failure, s3Client } from "../testing.ts";

let store: TestObjectStore;

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
});

afterAll(() => store?.stop());

test("a bucket gets another owner of its tenant, who then answers for its quota", async () => {
  const maker = await createUser(store, "link$maker");
  const owner = await createUser(store, "link$owner");
  await s3Client(store, maker).send(new CreateBucketCommand({ Bucket: "photos" }));

  const link = { bucket: "link/photos", uid: "link$owner" };
  for (const _ of [1, 2]) expect((await admin(store, "PUT", "/bucket", link)).status).toBe(200);
  expect((await admin(store, "GET", "/bucket", { uid: "link$owner" })).json).toEqual(["photos"]);
  expect((await admin(store, "GET", "/bucket", { uid: "link$maker" })).json).toEqual([]);

  const put = new PutObjectCommand({ Bucket: "photos", Key: "k", Body: "x" });
  await s3Client(store, owner).send(put);
  expect(await failure(s3Client(store, maker).send(put))).toMatchObject({ code: "AccessDenied" });
  const quota = { quota: "", "quota-type": "user", uid: "link$owner", enabled: "true", "max-size": "1" };
  await admin(store, "PUT", "/user", quota);
  expect(await failure(s3Client(store, owner).send(put))).toMatchObject({ code: "QuotaExceeded" });
});

test("another tenant's bucket, another bucket's id and nobody are refused", async () => {
  const maker = await createUser(store, "one$maker");
  await createUser(store, "two$owner");
  await createUser(store, "one$owner");
  await s3Client(store, maker).send(new CreateBucketCommand({ Bucket: "of-one" }));
  for (const [query, status] of [
    [{ bucket: "one/of-one", uid: "two$owner" }, 404],
    [{ bucket: "of-one", uid: "two$owner" }, 404],
    [{ bucket: "one/of-one", uid: "one$owner", "bucket-id": "0" }, 404],
    [{ bucket: "one/of-one", uid: "one$nobody" }, 404],
    [{ uid: "one$owner" }, 400],
  ] as const) {
    expect((await admin(store, "PUT", "/bucket", query)).status).toBe(status);
  }
  expect((await admin(store, "GET", "/bucket", { uid: "one$maker" })).json).toEqual(["of-one"]);
});
