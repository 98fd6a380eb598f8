import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { parseTaggingHeader } from "./tags.ts";
import { createTenant, createUser, failure, putPolicy, s3Client } from "./testing.ts";

let store: TestObjectStore;
let s3: S3Client;
let tenant: string;
const Bucket = "plain";
const versioned = { Bucket: "versioned", Key: "k" };

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  const owner = await createTenant(store);
  tenant = owner.tenant;
  s3 = s3Client(store, owner.key);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new CreateBucketCommand({ Bucket: versioned.Bucket }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: versioned.Bucket, VersioningConfiguration }));
});

afterAll(() => store?.stop());

const tags = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
const put = (Key: string, TagSet: { Key: string; Value: string }[]) =>
  s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
const get = async (Key: string) => (await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;

describe("tags of an object", () => {
  test("are put, counted, replaced, deleted, and gone with an overwrite", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x" }));
    const { LastModified, TagCount } = await s3.send(new HeadObjectCommand({ Bucket, Key: "a" }));
    expect([await get("a"), TagCount]).toEqual([[], undefined]);
    await put("a", tags(10));
    expect(await get("a")).toEqual(tags(10));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "a" }));
    expect([got.TagCount, got.LastModified, got.VersionId]).toEqual([10, LastModified, undefined]);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "a" }))).TagCount).toBe(10);
    await put("a", tags(1));
    expect(await get("a")).toEqual(tags(1));
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "a" }));
    expect(await get("a")).toEqual([]);
    await put("a", tags(1));
    await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "y" }));
    expect(await get("a")).toEqual([]);
  });

  test("come with the upload, if the header is well-formed", async () => {
    const upload = (Tagging: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key: "b", Body: "x", Tagging }));
    await upload("z=1&a=%C3%A7+%2B&empty");
    expect(await get("b")).toEqual([
      { Key: "a", Value: "ç +" },
      { Key: "empty", Value: "" },
      { Key: "z", Value: "1" },
    ]);
    for (const [header, code] of [
      ["a=1&a=2", "InvalidArgument"],
      ["a=%zz", "InvalidArgument"],
      [
        tags(11)
          .map(({ Key }) => `${Key}=v`)
          .join("&"),
        "InvalidTag",
      ],
      ["=1", "InvalidTag"],
      ["a=;", "InvalidTag"],
    ] as const) {
      expect(await failure(upload(header))).toEqual({ code, status: 400 });
    }
    expect(await get("b")).toHaveLength(3);
  });

  test.each([
    ["11 tags", tags(11)],
    ["a key of 129 characters", [{ Key: "k".repeat(129), Value: "" }]],
    ["a value of 257 characters", [{ Key: "k", Value: "v".repeat(257) }]],
    ["the same key twice", [...tags(1), ...tags(1)]],
  ])("refuse %s", async (_, refused) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "c", Body: "x" }));
    expect(await failure(put("c", refused))).toEqual({ code: "InvalidTag", status: 400 });
    expect(await get("c")).toEqual([]);
  });

  test("of nothing", async () => {
    const noSuchKey = { code: "NoSuchKey", status: 404 };
    expect(await failure(get("none"))).toEqual(noSuchKey);
    expect(await failure(put("none", tags(1)))).toEqual(noSuchKey);
    expect(await failure(s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "none" })))).toEqual(
      noSuchKey,
    );
  });

  test("survive being changed while the object is overwritten", async () => {
    const Key = "raced";
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? put(Key, tags(3))
          : s3.send(new PutObjectCommand({ Bucket, Key, Body: `${index}`, Tagging: "fresh=1" })),
      ),
    );
    // Of the last object, or put to it: never of two, and never of none.
    expect([tags(3), [{ Key: "fresh", Value: "1" }]]).toContainEqual(await get(Key));
  });
});

describe("tags of a version", () => {
  const getVersion = (VersionId?: string) =>
    s3.send(new GetObjectTaggingCommand({ ...versioned, VersionId }));

  test("are its own, current or not", async () => {
    const first = await s3.send(new PutObjectCommand({ ...versioned, Body: "1", Tagging: "n=1" }));
    const second = await s3.send(new PutObjectCommand({ ...versioned, Body: "2" }));
    expect((await getVersion()).VersionId).toBe(second.VersionId);
    expect((await getVersion(first.VersionId)).TagSet).toEqual([{ Key: "n", Value: "1" }]);
    const Tagging = { TagSet: tags(2) };
    const answer = await s3.send(
      new PutObjectTaggingCommand({ ...versioned, VersionId: first.VersionId, Tagging }),
    );
    expect(answer.VersionId).toBe(first.VersionId);
    expect((await getVersion()).TagSet).toEqual([]);
    expect((await getVersion(first.VersionId)).TagSet).toEqual(tags(2));
    const deleted = await s3.send(
      new DeleteObjectTaggingCommand({ ...versioned, VersionId: first.VersionId }),
    );
    expect([deleted.VersionId, deleted.$metadata.httpStatusCode]).toEqual([first.VersionId, 204]);
    expect((await getVersion(first.VersionId)).TagSet).toEqual([]);
  });

  test("are none of a delete marker, of a version that is not there, of an id that is none", async () => {
    const marker = await s3.send(new DeleteObjectCommand({ ...versioned }));
    expect(await failure(getVersion())).toEqual({ code: "NoSuchKey", status: 404 });
    expect(await failure(getVersion(marker.VersionId))).toEqual({ code: "MethodNotAllowed", status: 405 });
    const absent = "00000000-0000-4000-8000-000000000000";
    expect(await failure(getVersion(absent))).toEqual({ code: "NoSuchVersion", status: 404 });
    expect(await failure(getVersion("no-id"))).toEqual({ code: "InvalidArgument", status: 400 });
  });
});

describe("who may read and write tags", () => {
  test("is said by actions of their own, with others for a version that is named", async () => {
    const Key = "policed";
    const { VersionId } = await s3.send(
      new PutObjectCommand({ ...versioned, Key, Body: "x", Tagging: "a=b" }),
    );
    const user = `${tenant}$scoped`;
    const scoped = s3Client(store, await createUser(store, user));
    const allow = (...actions: string[]) =>
      putPolicy(store, user, [
        { Effect: "Allow", Action: actions.map((name) => `s3:${name}`), Resource: "*" },
      ]);
    const target = { Bucket: versioned.Bucket, Key };
    const read = (version?: string) =>
      failure(scoped.send(new GetObjectTaggingCommand({ ...target, VersionId: version })));
    const denied = { code: "AccessDenied", status: 403 };
    const fine = { code: "no error", status: undefined };

    await allow("GetObject", "PutObject");
    expect([await read(), await read(VersionId)]).toEqual([denied, denied]);
    expect((await scoped.send(new HeadObjectCommand(target))).TagCount).toBeUndefined();
    expect(
      await failure(scoped.send(new PutObjectCommand({ ...target, Body: "y", Tagging: "a=b" }))),
    ).toEqual(denied);
    await allow("GetObject", "GetObjectTagging");
    expect([await read(), await read(VersionId)]).toEqual([fine, denied]);
    expect((await scoped.send(new HeadObjectCommand(target))).TagCount).toBe(1);
    await allow("GetObjectVersionTagging");
    expect([await read(), await read(VersionId)]).toEqual([denied, fine]);
    await allow("PutObject", "PutObjectTagging");
    expect(
      await failure(scoped.send(new PutObjectCommand({ ...target, Body: "y", Tagging: "a=b" }))),
    ).toEqual(fine);
  });
});

describe("x-amz-tagging", () => {
  test("is a query string in which anything may be missing but a key", () => {
    expect(parseTaggingHeader("")).toEqual({});
    expect(parseTaggingHeader("&a=1&&b&")).toEqual({ a: "1", b: "" });
    expect(parseTaggingHeader("a=b=c")).toEqual({ a: "b=c" });
    expect(Object.entries(parseTaggingHeader("__proto__=1"))).toEqual([["__proto__", "1"]]);
  });
});
