import { randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { collectOrphans } from "./collector.ts";
import { transaction } from "./database.ts";
import { admin, failure, s3Client } from "./testing.ts";
import { Bucket, FIRST, LAST, PART, withUploads } from "./testing-multipart.ts";
import { closeUpload, lockUpload } from "./uploads.ts";

const tenant = withUploads();
const { begin, complete, files, makeObject, read, uploadParts, usage } = tenant;

describe("at the same time", () => {
  test("a reader gets all of a body though it is overwritten and deleted meanwhile", async () => {
    const bodies = [FIRST, randomBytes(PART), randomBytes(PART), LAST];
    await makeObject("k", ...bodies);
    const before = (await files()).length;
    const { Body } = await tenant.s3.send(new GetObjectCommand({ Bucket, Key: "k" }));
    await tenant.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "other" }));
    await tenant.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    // The collector may not take them from under the reader either.
    await collectOrphans(tenant.store.store.database, tenant.store.store.blobs, -60_000);
    const got = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(got.equals(Buffer.concat(bodies))).toBe(true);
    await expect.poll(async () => (await files()).length).toBe(before - 4);
  });

  test("a reader that goes away holds nothing back", async () => {
    await makeObject("k", FIRST, FIRST, LAST);
    const before = (await files()).length;
    const { Body } = await tenant.s3.send(new GetObjectCommand({ Bucket, Key: "k" }));
    (Body as unknown as { destroy(): void }).destroy();
    await tenant.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    await expect.poll(async () => (await files()).length).toBe(before - 3);
  });

  test("parts that come in while their upload is aborted leave nothing", async () => {
    const before = (await files()).length;
    for (let round = 0; round < 5; round++) {
      const id = await begin("k");
      const parts = Array.from({ length: 8 }, (_, i) => failure(uploadParts("k", id, { [i + 1]: LAST })));
      const abort = failure(
        tenant.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "k", UploadId: id })),
      );
      for (const { code } of await Promise.all([...parts, abort]))
        expect(["no error", "NoSuchUpload"]).toContain(code);
    }
    expect((await files()).length).toBe(before);
    expect(await usage()).toEqual({});
  });

  test("a part is replaced by many, and one of them stays whole", async () => {
    const before = (await files()).length;
    const id = await begin("k");
    const bodies = Array.from({ length: 10 }, () => randomBytes(100_000));
    await Promise.all(bodies.map((body) => uploadParts("k", id, { 1: body })));
    expect((await files()).length - before).toBe(1);
    const { Parts = [] } = await tenant.s3.send(new ListPartsCommand({ Bucket, Key: "k", UploadId: id }));
    await complete(
      "k",
      id,
      Parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })),
    );
    const got = await read("k");
    expect(bodies.some((body) => body.equals(got))).toBe(true);
    expect((await usage())["rgw.main"]).toMatchObject({ size: 100_000, num_objects: 1 });
  });

  test("a bucket with open uploads is deleted, and no part commits into it", async () => {
    for (let round = 0; round < 5; round++) {
      const before = (await files()).length;
      await tenant.s3.send(new CreateBucketCommand({ Bucket }));
      const id = await begin("k");
      const parts = await uploadParts("k", id, { 1: LAST });
      const outcomes = await Promise.all([
        failure(uploadParts("k", id, { 2: LAST })),
        failure(complete("k", id, parts)),
        failure(tenant.s3.send(new DeleteBucketCommand({ Bucket }))),
        failure(begin("k")),
      ]);
      for (const { code } of outcomes) {
        expect(["no error", "NoSuchUpload", "NoSuchBucket", "BucketNotEmpty"]).toContain(code);
      }
      await failure(tenant.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" })));
      await failure(tenant.s3.send(new DeleteBucketCommand({ Bucket })));
      await collectOrphans(tenant.store.store.database, tenant.store.store.blobs, -60_000);
      expect((await files()).length).toBe(before);
    }
  });

  test("a bucket that is deleted waits for an upload that is being completed, and never both for each other", async () => {
    const { database } = tenant.store.store;
    const UploadId = await begin("k");
    await uploadParts("k", UploadId, { 1: LAST });
    const { rows } = await database.query("select bucket_id from s3.uploads where id = $1", [UploadId]);
    // A second attempt would hide that the first one was broken off.
    const once = s3Client(tenant.store, await tenant.s3.config.credentials(), { maxAttempts: 1 });
    let deletion: ReturnType<typeof failure> | undefined;
    await transaction(database, async (client) => {
      await lockUpload(client, rows[0].bucket_id, "k", UploadId);
      deletion = failure(once.send(new DeleteBucketCommand({ Bucket })));
      const waiting =
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      await expect.poll(async () => (await database.query(waiting)).rowCount).toBe(1);
      await closeUpload(client, rows[0].bucket_id, UploadId, []);
    });
    expect((await deletion)?.code).toBe("no error");
  });

  test("a user is removed with its uploads, open and completed", async () => {
    const before = (await files()).length;
    await makeObject("k", FIRST, LAST);
    await uploadParts("open", await begin("open"), { 1: LAST });
    expect(
      (await admin(tenant.store, "DELETE", "/user", { uid: tenant.uid, "purge-data": "true" })).status,
    ).toBe(200);
    expect((await files()).length).toBe(before);
  });
});
