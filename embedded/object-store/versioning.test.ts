import { createHash } from "node:crypto";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import {
  admin,
  createTenant,
  createUser,
  failure,
  type KeyPair,
  putPolicy,
  s3Client,
  send,
} from "./testing.ts";

// Source: "Retaining multiple versions of objects with S3 Versioning" and "Add preconditions to S3 operations with
// conditional requests", Amazon S3 user guide; DeleteObject, DeleteObjects and ListObjectVersions, API reference.

let store: TestObjectStore;
let owner: { tenant: string; uid: string; key: KeyPair };
let s3: S3Client;
let buckets = 0;

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  owner = await createTenant(store);
  s3 = s3Client(store, owner.key);
});

afterAll(() => store?.stop());

async function newBucket(status?: "Enabled" | "Suspended"): Promise<string> {
  const Bucket = `bucket-${++buckets}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  if (status) await setVersioning(Bucket, status);
  return Bucket;
}

const setVersioning = (Bucket: string, Status: "Enabled" | "Suspended") =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = (
  Bucket: string,
  Key: string,
  Body: string,
  more: { IfMatch?: string; IfNoneMatch?: string } = {},
) => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Bucket: string, Key: string, VersionId?: string) => {
  const { Body, ...rest } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return { ...rest, text: await Body?.transformToString() };
};
const remove = (Bucket: string, Key: string, VersionId?: string) =>
  s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
const versionsOf = async (Bucket: string) => {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return {
    versions: Versions.map(({ VersionId }) => VersionId),
    markers: DeleteMarkers.map(({ VersionId }) => VersionId),
  };
};

describe("where versioning was never set", () => {
  test("answers name no version, and the null version can be asked for", async () => {
    const Bucket = await newBucket();
    expect((await put(Bucket, "k", "one")).VersionId).toBeUndefined();
    expect((await get(Bucket, "k")).VersionId).toBeUndefined();
    expect((await get(Bucket, "k", "null")).text).toBe("one");
    const removed = await remove(Bucket, "k", "null");
    expect([removed.VersionId, removed.DeleteMarker]).toEqual([undefined, undefined]);
    expect(await versionsOf(Bucket)).toEqual({ versions: [], markers: [] });
  });
});

describe("where versioning is enabled", () => {
  test("every PUT makes a version, and each can be read", async () => {
    const Bucket = await newBucket("Enabled");
    const first = await put(Bucket, "k", "one");
    const second = await put(Bucket, "k", "two");
    expect(first.VersionId).not.toBe(second.VersionId);
    expect(await get(Bucket, "k")).toMatchObject({ text: "two", VersionId: second.VersionId });
    expect(await get(Bucket, "k", first.VersionId)).toMatchObject({
      text: "one",
      VersionId: first.VersionId,
    });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "k", VersionId: first.VersionId }));
    expect(head).toMatchObject({ ContentLength: 3, VersionId: first.VersionId });
  });

  test("what was there before stays as the null version", async () => {
    const Bucket = await newBucket();
    await put(Bucket, "k", "before");
    await setVersioning(Bucket, "Enabled");
    expect((await get(Bucket, "k")).VersionId).toBe("null");
    const { VersionId } = await put(Bucket, "k", "after");
    expect((await get(Bucket, "k", "null")).text).toBe("before");
    expect(await versionsOf(Bucket)).toEqual({ versions: [VersionId, "null"], markers: [] });
  });

  test("a deletion puts a marker on top, and removing the marker brings the object back", async () => {
    const Bucket = await newBucket("Enabled");
    const { VersionId } = await put(Bucket, "k", "kept");
    const marker = await remove(Bucket, "k");
    expect(marker.DeleteMarker).toBe(true);
    const read = await send(store, owner.key, { method: "GET", path: `/${Bucket}/k` });
    expect(read.status).toBe(404);
    expect(read.headers.get("x-amz-delete-marker")).toBe("true");
    expect(read.headers.get("x-amz-version-id")).toBe(marker.VersionId);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    expect((await get(Bucket, "k", VersionId)).text).toBe("kept");

    const removed = await remove(Bucket, "k", marker.VersionId);
    expect(removed).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId });
    expect((await get(Bucket, "k")).text).toBe("kept");
  });

  test("a marker that is asked for by its id is 405, and says what it allows", async () => {
    const Bucket = await newBucket("Enabled");
    const { VersionId = "" } = await remove(Bucket, "never there");
    for (const method of ["GET", "HEAD"]) {
      const query = { versionId: VersionId };
      const answer = await send(store, owner.key, { method, path: `/${Bucket}/never%20there`, query });
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe("DELETE");
      expect(answer.headers.get("x-amz-delete-marker")).toBe("true");
      expect(answer.headers.get("last-modified")).toMatch(/GMT$/);
    }
  });

  test("a version that is deleted is gone for good, and the one before it is current", async () => {
    const Bucket = await newBucket("Enabled");
    const [first, second] = [await put(Bucket, "k", "one"), await put(Bucket, "k", "two")];
    const removed = await remove(Bucket, "k", second.VersionId);
    expect([removed.VersionId, removed.DeleteMarker]).toEqual([second.VersionId, undefined]);
    expect(await get(Bucket, "k")).toMatchObject({ text: "one", VersionId: first.VersionId });
    const gone = { code: "NoSuchVersion", status: 404 };
    expect(await failure(get(Bucket, "k", second.VersionId))).toEqual(gone);
    // What is not there is deleted successfully.
    expect((await remove(Bucket, "k", second.VersionId)).VersionId).toBe(second.VersionId);
    const listed = (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents;
    expect(listed).toMatchObject([{ Key: "k", ETag: first.ETag }]);
  });

  test("the bucket is not empty while anything of its past is left", async () => {
    const Bucket = await newBucket("Enabled");
    const { VersionId } = await put(Bucket, "k", "x");
    const marker = await remove(Bucket, "k");
    const deletion = () => failure(s3.send(new DeleteBucketCommand({ Bucket })));
    expect((await deletion()).code).toBe("BucketNotEmpty");
    await remove(Bucket, "k", VersionId);
    expect((await deletion()).code).toBe("BucketNotEmpty");
    await remove(Bucket, "k", marker.VersionId);
    expect((await deletion()).code).toBe("no error");
  });
});

describe("where versioning is suspended", () => {
  test("a PUT replaces the null version and nothing else", async () => {
    const Bucket = await newBucket("Enabled");
    const { VersionId } = await put(Bucket, "k", "kept");
    await setVersioning(Bucket, "Suspended");
    expect((await put(Bucket, "k", "one")).VersionId).toBeUndefined();
    expect((await put(Bucket, "k", "two")).VersionId).toBeUndefined();
    expect((await get(Bucket, "k")).VersionId).toBe("null");
    expect((await get(Bucket, "k", "null")).text).toBe("two");
    expect(await versionsOf(Bucket)).toEqual({ versions: ["null", VersionId], markers: [] });
  });

  test("a deletion puts a null marker in place of the null version", async () => {
    const Bucket = await newBucket("Enabled");
    const { VersionId } = await put(Bucket, "k", "kept");
    await setVersioning(Bucket, "Suspended");
    await put(Bucket, "k", "replaced");
    expect(await remove(Bucket, "k")).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    expect(await remove(Bucket, "k")).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    expect(await versionsOf(Bucket)).toEqual({ versions: [VersionId], markers: ["null"] });
    await remove(Bucket, "k", "null");
    expect((await get(Bucket, "k")).text).toBe("kept");
  });

  test("a null version below newer ones is replaced by one on top", async () => {
    const Bucket = await newBucket();
    await put(Bucket, "k", "old null");
    await setVersioning(Bucket, "Enabled");
    const { VersionId } = await put(Bucket, "k", "kept");
    await setVersioning(Bucket, "Suspended");
    await put(Bucket, "k", "new null");
    expect(await versionsOf(Bucket)).toEqual({ versions: ["null", VersionId], markers: [] });
    expect((await get(Bucket, "k")).text).toBe("new null");
  });
});

test("a version id that never was one is refused, and so is an empty one", async () => {
  const Bucket = await newBucket("Enabled");
  await put(Bucket, "k", "x");
  for (const method of ["GET", "HEAD", "DELETE"]) {
    for (const versionId of ["", "nonsense", "NULL"]) {
      const answer = await send(store, owner.key, { method, path: `/${Bucket}/k`, query: { versionId } });
      expect([method, versionId, answer.status]).toEqual([method, versionId, 400]);
      if (method !== "HEAD") expect(answer.text).toContain("<Code>InvalidArgument</Code>");
    }
  }
  expect((await get(Bucket, "k")).text).toBe("x");
});

describe("conditions", () => {
  test("of a PUT look at the current version, and a delete marker is none", async () => {
    const Bucket = await newBucket("Enabled");
    const missing = { code: "NoSuchKey", status: 404 };
    const failed = { code: "PreconditionFailed", status: 412 };
    const first = await put(Bucket, "k", "one", { IfNoneMatch: "*" });
    expect(await failure(put(Bucket, "k", "two", { IfNoneMatch: "*" }))).toEqual(failed);
    expect(await failure(put(Bucket, "k", "two", { IfNoneMatch: first.ETag }))).toEqual(failed);
    const second = await put(Bucket, "k", "two", { IfMatch: first.ETag });
    // The version that is there no longer counts.
    expect(await failure(put(Bucket, "k", "three", { IfMatch: first.ETag }))).toEqual(failed);
    await remove(Bucket, "k");
    expect(await failure(put(Bucket, "k", "three", { IfMatch: second.ETag }))).toEqual(missing);
    await put(Bucket, "k", "three", { IfNoneMatch: "*" });
    await put(Bucket, "k", "four", { IfNoneMatch: '"other"' });
    expect((await versionsOf(Bucket)).versions).toHaveLength(4);
  });

  test.each(["if-modified-since", "if-unmodified-since"])("a PUT with %s is refused", async (name) => {
    const Bucket = await newBucket();
    const headers = { [name]: "Sat, 31 Jan 2026 12:00:00 GMT" };
    const answer = await send(store, owner.key, { method: "PUT", path: `/${Bucket}/k`, headers, body: "x" });
    expect(answer.status).toBe(501);
  });

  test("of a deletion", async () => {
    const deletion = (Bucket: string, IfMatch: string, VersionId?: string) =>
      failure(s3.send(new DeleteObjectCommand({ Bucket, Key: "k", IfMatch, VersionId })));
    const failed = { code: "PreconditionFailed", status: 412 };
    for (const status of [undefined, "Enabled", "Suspended"] as const) {
      const Bucket = await newBucket(status);
      expect(await deletion(Bucket, "*")).toEqual({ code: "NoSuchKey", status: 404 });
      const { ETag = "", VersionId } = await put(Bucket, "k", "x");
      expect(await deletion(Bucket, '"other"')).toEqual(failed);
      expect((await get(Bucket, "k")).text).toBe("x");
      expect((await deletion(Bucket, ETag)).code).toBe("no error");
      if (status) expect(await deletion(Bucket, "*")).toEqual(failed);
      if (status !== "Enabled") continue;
      expect(await deletion(Bucket, '"other"', VersionId)).toEqual(failed);
      expect((await deletion(Bucket, ETag, VersionId)).code).toBe("no error");
      expect((await versionsOf(Bucket)).versions).toEqual([]);
    }
  });

  test("an ETag is compared only for who may read the object", async () => {
    const Bucket = await newBucket();
    const { ETag } = await put(Bucket, "k", "x");
    const uid = `${owner.tenant}$deleter`;
    const deleter = s3Client(store, await createUser(store, uid));
    await putPolicy(store, uid, [
      { Effect: "Allow", Action: "s3:DeleteObject", Resource: `arn:aws:s3:::${Bucket}/*` },
    ]);
    const denied = { code: "AccessDenied", status: 403 };
    for (const IfMatch of ['"guess"', ETag]) {
      expect(await failure(deleter.send(new DeleteObjectCommand({ Bucket, Key: "k", IfMatch })))).toEqual(
        denied,
      );
    }
    const writer = s3Client(store, await createUser(store, `${owner.tenant}$writer`));
    await putPolicy(store, `${owner.tenant}$writer`, [
      { Effect: "Allow", Action: "s3:PutObject", Resource: `arn:aws:s3:::${Bucket}/*` },
    ]);
    const { UploadId } = await writer.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: '"e"' }] };
    for (const condition of [{ IfMatch: ETag }, { IfMatch: '"guess"' }, { IfNoneMatch: ETag }]) {
      const target = { Bucket, Key: "k", ...condition };
      for (const attempt of [
        () => writer.send(new PutObjectCommand({ ...target, Body: "y" })),
        () => writer.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload })),
      ]) {
        expect(await failure(attempt())).toEqual(denied);
      }
    }
    const once = { Bucket, Key: "k", Body: "y", IfNoneMatch: "*" };
    expect((await failure(writer.send(new PutObjectCommand(once)))).code).toBe("PreconditionFailed");

    const Objects = [{ Key: "k", ETag }];
    const { Errors } = await deleter.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Errors).toMatchObject([{ Key: "k", Code: "AccessDenied" }]);
    expect((await get(Bucket, "k")).text).toBe("x");
  });
});

describe("DeleteObjects", () => {
  test("tells of every version and marker what became of it", async () => {
    const Bucket = await newBucket("Enabled");
    const [a, b] = [await put(Bucket, "a", "1"), await put(Bucket, "b", "2")];
    const marker = await remove(Bucket, "c");
    const unknown = "00000000-0000-4000-8000-000000000000";
    const { Deleted, Errors } = await s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: {
          Objects: [
            { Key: "a", VersionId: a.VersionId },
            { Key: "b", ETag: b.ETag },
            { Key: "b", ETag: '"other"' },
            { Key: "c", VersionId: marker.VersionId },
            { Key: "d", VersionId: unknown },
            { Key: "e", VersionId: "nonsense" },
          ],
        },
      }),
    );
    expect(Deleted).toEqual([
      { Key: "a", VersionId: a.VersionId },
      { Key: "b", DeleteMarker: true, DeleteMarkerVersionId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      {
        Key: "c",
        VersionId: marker.VersionId,
        DeleteMarker: true,
        DeleteMarkerVersionId: marker.VersionId,
      },
      { Key: "d", VersionId: unknown },
    ]);
    expect(Errors).toMatchObject([
      { Key: "e", VersionId: "nonsense", Code: "NoSuchVersion" },
      { Key: "b", Code: "PreconditionFailed" },
    ]);
    const left = await versionsOf(Bucket);
    expect(left.versions).toEqual([b.VersionId]);
    expect(left.markers).toEqual([Deleted?.[1]?.DeleteMarkerVersionId]);
  });

  test("is quiet about what went well when it is asked to be", async () => {
    const Bucket = await newBucket();
    await put(Bucket, "k", "x");
    const Objects = [{ Key: "k" }, { Key: "gone", VersionId: "nonsense" }];
    const result = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    expect(result.Deleted).toBeUndefined();
    expect(result.Errors?.map(({ Key }) => Key)).toEqual(["gone"]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  });

  test("refuses the conditions of directory buckets, which would not be evaluated", async () => {
    const Bucket = await newBucket();
    await put(Bucket, "k", "x");
    const Objects = [{ Key: "k", Size: 7 }];
    const call = s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect((await failure(call)).status).toBe(501);
    expect((await get(Bucket, "k")).text).toBe("x");
  });

  test("takes the same object several times in one request", async () => {
    const Bucket = await newBucket("Enabled");
    const ids = [];
    for (const body of ["1", "2", "3"]) ids.push((await put(Bucket, "k", body)).VersionId);
    const Objects = ids.map((VersionId) => ({ Key: "k", VersionId }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [...Objects, ...Objects] } }));
    expect(await versionsOf(Bucket)).toEqual({ versions: [], markers: [] });
  });
});

describe("ListObjectVersions", () => {
  test("pages through versions and markers in their order, with what clients show of them", async () => {
    const Bucket = await newBucket("Enabled");
    const ids: (string | undefined)[] = [];
    for (const body of ["1", "22"]) ids.unshift((await put(Bucket, "a", body)).VersionId);
    ids.unshift((await remove(Bucket, "a")).VersionId);
    ids.push((await put(Bucket, "b é", "333")).VersionId);
    const first = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2 }));
    expect(first).toMatchObject({
      Name: Bucket,
      MaxKeys: 2,
      IsTruncated: true,
      NextKeyMarker: "a",
      NextVersionIdMarker: ids[1],
      DeleteMarkers: [{ Key: "a", VersionId: ids[0], IsLatest: true, Owner: { ID: owner.uid } }],
      Versions: [
        {
          Key: "a",
          VersionId: ids[1],
          IsLatest: false,
          Size: 2,
          ETag: `"${createHash("md5").update("22").digest("hex")}"`,
          ChecksumAlgorithm: ["CRC32"],
          ChecksumType: "FULL_OBJECT",
          StorageClass: "STANDARD",
          Owner: { ID: owner.uid },
        },
      ],
    });
    const second = await s3.send(
      new ListObjectVersionsCommand({
        Bucket,
        KeyMarker: first.NextKeyMarker,
        VersionIdMarker: first.NextVersionIdMarker,
        EncodingType: "url",
      }),
    );
    expect(second).toMatchObject({ IsTruncated: false, KeyMarker: "a", VersionIdMarker: ids[1] });
    expect(second.Versions).toMatchObject([
      { Key: "a", VersionId: ids[2], IsLatest: false },
      { Key: "b%20%C3%A9", VersionId: ids[3], IsLatest: true },
    ]);
    expect(second.DeleteMarkers).toBeUndefined();
  });

  test("writes versions and markers one after the other, in one order", async () => {
    const Bucket = await newBucket("Enabled");
    await put(Bucket, "a", "x");
    await remove(Bucket, "a");
    await put(Bucket, "a", "x");
    const { text } = await send(store, owner.key, {
      method: "GET",
      path: `/${Bucket}`,
      query: { versions: "" },
    });
    expect(text.match(/<(Version|DeleteMarker)>/g)).toEqual(["<Version>", "<DeleteMarker>", "<Version>"]);
  });

  test("groups by a delimiter", async () => {
    const Bucket = await newBucket("Enabled");
    for (const Key of ["a/1", "a/2", "b", "c/1"]) await put(Bucket, Key, "x");
    await remove(Bucket, "a/1");
    const list = (more: object) =>
      s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: "/", MaxKeys: 2, ...more }));
    const first = await list({});
    expect(first.CommonPrefixes).toEqual([{ Prefix: "a/" }]);
    expect(first.Versions?.map(({ Key }) => Key)).toEqual(["b"]);
    const rest = await list({ KeyMarker: first.NextKeyMarker, VersionIdMarker: first.NextVersionIdMarker });
    expect([rest.CommonPrefixes, rest.Versions]).toEqual([[{ Prefix: "c/" }], undefined]);
    const inside = await list({ Prefix: "a/", MaxKeys: 9 });
    expect([inside.Versions?.length, inside.DeleteMarkers?.length]).toEqual([2, 1]);
  });

  test("refuses a version marker without its key", async () => {
    const Bucket = await newBucket("Enabled");
    for (const query of [{ "version-id-marker": "null" }, { "key-marker": "k", "version-id-marker": "x" }]) {
      const answer = await send(store, owner.key, {
        method: "GET",
        path: `/${Bucket}`,
        query: { versions: "", ...query } as Record<string, string>,
      });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("InvalidArgument")]);
    }
  });
});

test("a version takes a permission of its own", async () => {
  const Bucket = await newBucket("Enabled");
  const [first] = [await put(Bucket, "k", "one"), await put(Bucket, "k", "two")];
  const uid = `${owner.tenant}$reader`;
  const reader = s3Client(store, await createUser(store, uid));
  const current = () => failure(reader.send(new GetObjectCommand({ Bucket, Key: "k" })));
  const VersionId = first.VersionId;
  const old = (Id = VersionId) =>
    failure(reader.send(new GetObjectCommand({ Bucket, Key: "k", VersionId: Id })));
  const list = () => failure(reader.send(new ListObjectVersionsCommand({ Bucket })));
  const removal = async () => {
    const { Errors } = await reader.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "k", VersionId }] } }),
    );
    return [
      (await failure(reader.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId })))).code,
      Errors?.[0]?.Code,
    ];
  };
  const allow = (...actions: string[]) =>
    putPolicy(store, uid, [{ Effect: "Allow", Action: actions.map((name) => `s3:${name}`), Resource: "*" }]);

  await allow("GetObject", "ListBucket", "DeleteObject");
  expect((await current()).code).toBe("no error");
  expect((await old()).code).toBe("AccessDenied");
  expect((await list()).code).toBe("AccessDenied");
  expect(await removal()).toEqual(["AccessDenied", "AccessDenied"]);

  await allow("GetObjectVersion", "ListBucketVersions");
  expect((await current()).code).toBe("AccessDenied");
  expect((await old()).code).toBe("no error");
  expect((await list()).code).toBe("no error");
  // Only who may list the bucket is told what is not there.
  expect((await old("00000000-0000-4000-8000-000000000000")).code).toBe("AccessDenied");

  await allow("DeleteObjectVersion");
  expect(await removal()).toEqual(["no error", undefined]);
});

test("older versions and markers count against a quota, and deleting works when it is full", async () => {
  const { uid, key } = await createTenant(store);
  const client = s3Client(store, key);
  const Bucket = "full";
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
  );
  const quota = { "quota-type": "user", enabled: "true", "max-size-kb": "2", "max-objects": "-1" };
  await admin(store, "PUT", "/user", { quota: "", uid, ...quota });
  const write = () => client.send(new PutObjectCommand({ Bucket, Key: "k", Body: Buffer.alloc(1024) }));
  const { VersionId } = await write();
  await write();
  expect(await failure(write())).toEqual({ code: "QuotaExceeded", status: 403 });
  const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
  expect(marker.DeleteMarker).toBe(true);
  expect((await failure(write())).code).toBe("QuotaExceeded");
  await client.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId }));
  expect((await failure(write())).code).toBe("no error");
  const { json } = await admin(store, "GET", "/bucket", { uid, bucket: Bucket, stats: "true" });
  expect(json.usage["rgw.main"]).toMatchObject({ size: 2048, num_objects: 3 });
  expect(json.usage["balde.noncurrent"]).toMatchObject({ size: 1024, num_objects: 1 });
});
