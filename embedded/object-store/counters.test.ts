import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { selectOrphans } from "./collector.ts";
import { checkCounters } from "./scrub/check-counters.ts";
import { foldSpaceEntries } from "./space.ts";
import { admin, createTenant, s3Client } from "./testing.ts";
import { type InProcessStore, startInProcess } from "./testing-in-process.ts";

// Whatever is done at once, in parts too: what the counters say is what there is, no quota is ever passed, each key has one current
// version, and no file is without a row.

const QUOTA_BYTES = 512 * 1024;
const WORKERS = 8;

let running: InProcessStore;

beforeAll(async () => {
  running = await startInProcess(inject("postgres"));
});

afterAll(() => running?.stop());

const key = fc.constantFrom("a", "b", "c/d");
/** Some small enough to stand in the row, some not. */
const sizeBytes = fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 65_000, max: 70_000 }));
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("put" as const), key, sizeBytes }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("put once" as const), key, sizeBytes }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), key }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("delete a version" as const), choice: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete many" as const), choice: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("set versioning" as const),
      status: fc.constantFrom("Enabled" as const, "Suspended" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fold" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("copy" as const), key, target: key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("begin" as const), key }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("put a part" as const),
      choice: fc.nat(),
      number: fc.integer({ min: 1, max: 3 }),
      sizeBytes,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("complete" as const), choice: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("abort" as const), choice: fc.nat() }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

test("counters are the truth after anything at once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 60, maxLength: 120 }), async (actions) => {
      const { uid, s3 } = await newTenant();
      const left = actions.values();
      await Promise.all(
        Array.from({ length: WORKERS }, async () => {
          for (const next of left) await perform(s3, next);
        }),
      );
      await expectTruth(uid);
    }),
    // Nothing smaller would fail again for sure: what is at once is never twice the same.
    { numRuns: 4, endOnFailure: true },
  );
}, 60_000);

const Bucket = "counted";

/** An owner under a quota, with a bucket. */
async function newTenant(): Promise<{ uid: string; s3: S3Client }> {
  const { uid, key } = await createTenant(running);
  const s3 = s3Client(running, key, { maxAttempts: 1 });
  await s3.send(new CreateBucketCommand({ Bucket }));
  const quota = { "quota-type": "user", enabled: "true", "max-objects": "-1" };
  await admin(running, "PUT", "/user", {
    quota: "",
    uid,
    ...quota,
    "max-size-kb": String(QUOTA_BYTES / 1024),
  });
  return { uid, s3 };
}

async function perform(s3: S3Client, next: Action): Promise<void> {
  switch (next.do) {
    case "put":
    case "put once": {
      const condition = next.do === "put once" ? { IfNoneMatch: "*" } : {};
      const Body = Buffer.alloc(next.sizeBytes);
      const put = s3.send(new PutObjectCommand({ Bucket, Key: next.key, Body, ...condition }));
      return allowFailure(put, "QuotaExceeded", "PreconditionFailed");
    }
    case "delete":
      return void (await s3.send(new DeleteObjectCommand({ Bucket, Key: next.key })));
    case "delete a version":
    case "delete many": {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      const all = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      const start = all.length === 0 ? 0 : next.choice % all.length;
      const Objects = all.slice(start, start + (next.do === "delete many" ? 4 : 1));
      if (Objects.length === 0) return;
      return void (await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } })));
    }
    case "set versioning": {
      const VersioningConfiguration = { Status: next.status };
      return void (await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })));
    }
    case "fold":
      return foldSpaceEntries(running.store.database);
    case "copy": {
      const CopySource = `${Bucket}/${next.key}`;
      const copy = s3.send(
        new CopyObjectCommand({ Bucket, Key: next.target, CopySource, ...COPY_ONTO_ITSELF }),
      );
      return allowFailure(copy, "QuotaExceeded", "NoSuchKey");
    }
    case "begin":
      return void (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: next.key })));
    case "put a part":
    case "complete":
    case "abort": {
      const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
      if (Uploads.length === 0) return;
      const { Key, UploadId } = Uploads[next.choice % Uploads.length] ?? {};
      // Another worker may end it meanwhile.
      return allowFailure(
        performOnUpload(s3, next, { Bucket, Key, UploadId }),
        "QuotaExceeded",
        "NoSuchUpload",
      );
    }
  }
}

const COPY_ONTO_ITSELF = { MetadataDirective: "REPLACE" } as const;

async function performOnUpload(
  s3: S3Client,
  next: Extract<Action, { do: "put a part" | "complete" | "abort" }>,
  upload: { Bucket: string; Key: string | undefined; UploadId: string | undefined },
): Promise<void> {
  if (next.do === "put a part") {
    const Body = Buffer.alloc(next.sizeBytes);
    await s3.send(new UploadPartCommand({ ...upload, PartNumber: next.number, Body }));
  } else if (next.do === "abort") {
    await s3.send(new AbortMultipartUploadCommand(upload));
  } else {
    // Small parts: only one of them can make an object. The others are freed.
    const { Parts = [] } = await s3.send(new ListPartsCommand(upload));
    const chosen = Parts[next.choice % Math.max(1, Parts.length)];
    if (!chosen) return;
    const MultipartUpload = { Parts: [{ PartNumber: chosen.PartNumber, ETag: chosen.ETag }] };
    await allowFailure(
      s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload })),
      // The part was replaced meanwhile.
      "InvalidPart",
      "QuotaExceeded",
      "NoSuchUpload",
    );
  }
}

async function allowFailure(call: Promise<unknown>, ...names: string[]): Promise<void> {
  await call.catch((error: Error) => {
    if (!names.includes(error.name)) throw error;
  });
}

async function expectTruth(uid: string): Promise<void> {
  const { database, blobs } = running.store;
  expect(await checkCounters(database)).toEqual([]);
  await foldSpaceEntries(database);
  expect(await checkCounters(database)).toEqual([]);
  const { rows: left } = await database.query("select * from s3.space_entries");
  expect(left).toEqual([]);

  const { json } = await admin(running, "GET", "/bucket", { uid, bucket: Bucket, stats: "true" });
  const stored = (json.usage["rgw.main"]?.size ?? 0) + (json.usage["rgw.multimeta"]?.size ?? 0);
  expect(stored).toBeLessThanOrEqual(QUOTA_BYTES);
  const { rows: broken } = await database.query(
    `select bucket_id, key from s3.object_versions group by bucket_id, key
     having (array_agg(noncurrent_at is null order by id desc))[1] is not true
       or count(*) filter (where noncurrent_at is null) <> 1
       or count(*) filter (where version_id is null) > 1`,
  );
  expect(broken).toEqual([]);

  for await (const ids of blobs.listOlderThan(new Date(Date.now() + 60_000))) {
    expect(await selectOrphans(database, ids)).toEqual([]);
  }
}
