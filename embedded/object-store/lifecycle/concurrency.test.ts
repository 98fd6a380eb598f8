import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { foldSpaceEntries } from "../space.ts";
import { admin, createTenant, s3Client } from "../testing.ts";
import { type InProcessStore, startInProcess } from "../testing-in-process.ts";

let store: InProcessStore;

beforeAll(async () => {
  store = await startInProcess(inject("postgres"));
});

afterAll(() => store?.stop());

test("the worker and writers of all kinds, on the same keys, never block each other for good and never miscount", async () => {
  const { uid, key } = await createTenant(store);
  const s3 = s3Client(store, key, { maxAttempts: 1 });
  const Bucket = "busy";
  await s3.send(new CreateBucketCommand({ Bucket }));
  const setVersioning = (Status: "Enabled" | "Suspended") =>
    s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  const setRules = (days: number) =>
    s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [
            {
              Status: "Enabled",
              Filter: { Prefix: "" },
              Expiration: { Days: days },
              NoncurrentVersionExpiration: { NoncurrentDays: days },
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
            },
          ],
        },
      }),
    );
  await setRules(1);
  const randomKey = () => `k${Math.floor(Math.random() * 12)}`;
  const randomBody = () => Buffer.alloc(Math.random() < 0.2 ? 70_000 : 100);
  const multipart = async () => {
    const Key = randomKey();
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = { Bucket, Key, UploadId, PartNumber: 1 };
    const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: randomBody() }));
    if (Math.random() < 0.3) await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
  };
  // Everything is due on the day after tomorrow, and again and again what is made meanwhile.
  const later = (days: number) => new Date(Date.now() + days * 86_400_000);
  let days = 2;
  const kinds = [
    () => s3.send(new PutObjectCommand({ Bucket, Key: randomKey(), Body: randomBody() })),
    () => s3.send(new PutObjectCommand({ Bucket, Key: randomKey(), Body: randomBody() })),
    () =>
      s3.send(
        new DeleteObjectsCommand({
          Bucket,
          Delete: { Objects: [randomKey(), randomKey(), randomKey()].map((Key) => ({ Key })) },
        }),
      ),
    () =>
      s3.send(
        new PutObjectTaggingCommand({
          Bucket,
          Key: randomKey(),
          Tagging: { TagSet: [{ Key: "k", Value: "v" }] },
        }),
      ),
    multipart,
    () => setVersioning(Math.random() < 0.5 ? "Enabled" : "Suspended"),
    () => setRules(Math.random() < 0.5 ? 1 : 2),
    () => store.store.lifecycle.applyAll(later(days++)),
    () => foldSpaceEntries(store.store.database),
  ];
  const until = performance.now() + 2500;
  const unexpected: unknown[] = [];
  const run = async (kind: () => Promise<unknown>) => {
    while (performance.now() < until) {
      await kind().catch((error: { name: string }) => {
        // The worker, or the test itself, was faster.
        if (!["NoSuchKey", "NoSuchUpload", "MethodNotAllowed"].includes(error.name)) unexpected.push(error);
      });
    }
  };
  await Promise.all(kinds.map(run));
  expect(unexpected).toEqual([]);

  const { Versions = [], IsTruncated } = await s3.send(
    new ListObjectVersionsCommand({ Bucket, MaxKeys: 1000 }),
  );
  expect(IsTruncated).toBe(false);
  const { json } = await admin(store, "GET", "/bucket", { uid, stats: "true" });
  const { rows } = await store.store.database.query(
    `select coalesce(sum(p.size_bytes), 0)::bigint as bytes
     from s3.parts p join s3.uploads u on u.id = p.upload_id where u.completed_at is null`,
  );
  const size = json[0].usage["rgw.main"]?.size ?? 0;
  expect(size).toBe(Versions.reduce((sum, { Size = 0 }) => sum + Size, 0) + rows[0].bytes);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents.length).toBe(Versions.filter(({ IsLatest }) => IsLatest).length);
});
