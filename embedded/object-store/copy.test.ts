import { createHash, randomBytes } from "node:crypto";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { S3Error } from "./errors.ts";
import { parseCopySource } from "./operations/objects/copy-source.ts";
import { checkCounters } from "./scrub/check-counters.ts";
import { admin, createTenant, createUser, failure, putPolicy, s3Client } from "./testing.ts";
import { type InProcessStore, startInProcess } from "./testing-in-process.ts";

const PART = 5 * 1024 * 1024;
const LARGE = randomBytes(200_000);
const Bucket = "sources";

let store: InProcessStore;
let uid: string;
let s3: S3Client;

beforeAll(async () => {
  store = await startInProcess(inject("postgres"));
});

beforeEach(async () => {
  const tenant = await createTenant(store);
  uid = tenant.uid;
  s3 = s3Client(store, tenant.key);
  for (const name of [Bucket, "copies"]) await s3.send(new CreateBucketCommand({ Bucket: name }));
});

afterAll(async () => {
  expect(await checkCounters(store.store.database)).toEqual([]);
  await store.stop();
});

const etag = (body: Buffer) => `"${createHash("md5").update(body).digest("hex")}"`;
const encode = (key: string) => encodeURIComponent(key);

const put = (Key: string, Body: Buffer | string, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const copy = (source: string, Key: string, more: Partial<CopyObjectCommandInput> = {}) =>
  s3.send(new CopyObjectCommand({ Bucket: "copies", Key, CopySource: `${Bucket}/${source}`, ...more }));
async function read(Key: string, bucket = "copies", more: object = {}): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key, ...more }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}
const head = (Key: string, bucket = "copies") =>
  s3.send(new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: "ENABLED" }));

async function putInParts(Key: string, ...bodies: Buffer[]): Promise<void> {
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: "CRC32" }),
  );
  const Parts = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const { ETag, ChecksumCRC32 } = await s3.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: "CRC32" }),
    );
    Parts.push({ PartNumber, ETag, ChecksumCRC32 });
  }
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
}

describe("a copy", () => {
  test.each([
    ["empty", Buffer.alloc(0)],
    ["in the row", Buffer.from("small")],
    ["in a file", LARGE],
  ])("of a body %s has all that its source has", async (_, body) => {
    const source = await put("a", body, { ContentType: "text/csv", Metadata: { k: "v" }, Tagging: "t=1" });
    const { CopyObjectResult } = await copy("a", "b");
    expect(CopyObjectResult).toMatchObject({ ETag: source.ETag, ChecksumCRC32: source.ChecksumCRC32 });
    expect(await head("b")).toMatchObject({
      ETag: etag(body),
      ContentType: "text/csv",
      Metadata: { k: "v" },
      TagCount: 1,
      ChecksumCRC32: source.ChecksumCRC32,
      ChecksumType: "FULL_OBJECT",
    });
    expect((await read("b")).equals(body)).toBe(true);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect((await read("b")).equals(body)).toBe(true);
  });

  test("of an object in parts is in one piece", async () => {
    const bodies = [randomBytes(PART), randomBytes(PART), LARGE];
    await putInParts("a", ...bodies);
    const whole = Buffer.concat(bodies);
    await copy("a", "b");
    const copied = await head("b");
    expect([copied.ETag, copied.ChecksumType]).toEqual([etag(whole), "FULL_OBJECT"]);
    expect((await read("b")).equals(whole)).toBe(true);
  });

  test("may have other metadata, tags and checksums", async () => {
    await put("a", LARGE, { ContentType: "text/csv", Metadata: { k: "v" }, Tagging: "t=1" });
    await copy("a", "ignored", { ContentType: "text/html", Metadata: { other: "x" }, Tagging: "u=2" });
    expect(await head("ignored")).toMatchObject({ ContentType: "text/csv", Metadata: { k: "v" } });
    await copy("a", "b", {
      MetadataDirective: "REPLACE",
      ContentType: "text/html",
      Metadata: { other: "x" },
      TaggingDirective: "REPLACE",
      Tagging: "u=2&w=3",
      ChecksumAlgorithm: "SHA256",
    });
    const replaced = await head("b");
    expect(replaced).toMatchObject({
      ContentType: "text/html",
      Metadata: { other: "x" },
      TagCount: 2,
      ChecksumSHA256: createHash("sha256").update(LARGE).digest("base64"),
    });
    expect(replaced.ChecksumCRC32).toBeUndefined();
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: "copies", Key: "b" }));
    expect(TagSet).toEqual([
      { Key: "u", Value: "2" },
      { Key: "w", Value: "3" },
    ]);
    const odd = copy("a", "b", { MetadataDirective: "KEEP" as "COPY" });
    expect((await failure(odd)).code).toBe("InvalidArgument");
  });

  test("onto itself must change something", async () => {
    await put("a", LARGE, { Metadata: { k: "v" } });
    const onto = (more: object) => copy("a", "a", { Bucket, ...more });
    expect(await failure(onto({}))).toEqual({ code: "InvalidRequest", status: 400 });
    await onto({ MetadataDirective: "REPLACE", Metadata: { k: "w" } });
    expect((await head("a", Bucket)).Metadata).toEqual({ k: "w" });
    expect((await read("a", Bucket)).equals(LARGE)).toBe(true);
  });

  test("under conditions on the source and on what it overwrites", async () => {
    const { ETag = "" } = await put("a", "x");
    const past = new Date(Date.now() - 60_000);
    const outcome = async (more: Partial<CopyObjectCommandInput>) =>
      (await failure(copy("a", "b", more))).code;
    expect(await outcome({ CopySourceIfMatch: '"other"' })).toBe("PreconditionFailed");
    expect(await outcome({ CopySourceIfNoneMatch: ETag })).toBe("PreconditionFailed");
    expect(await outcome({ CopySourceIfUnmodifiedSince: past })).toBe("PreconditionFailed");
    expect(await outcome({ CopySourceIfModifiedSince: new Date() })).toBe("PreconditionFailed");
    expect(await outcome({ CopySourceIfMatch: ETag, CopySourceIfUnmodifiedSince: past })).toBe("no error");
    expect(await outcome({ IfNoneMatch: "*" })).toBe("PreconditionFailed");
    expect(await outcome({ IfMatch: '"other"' })).toBe("PreconditionFailed");
    expect(await outcome({ IfMatch: ETag, CopySourceIfModifiedSince: past })).toBe("no error");
  });

  test("of a version, and of none", async () => {
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const { VersionId: first } = await put("a", "one");
    const { VersionId: second } = await put("a", "two");
    expect((await copy("a", "b")).CopySourceVersionId).toBe(second);
    expect((await read("b")).toString()).toBe("two");
    expect((await copy(`a?versionId=${first}`, "b")).CopySourceVersionId).toBe(first);
    expect((await read("b")).toString()).toBe("one");

    // Bringing back an older version is a copy onto itself that changes something.
    const restored = await copy(`a?versionId=${first}`, "a", { Bucket });
    expect(restored.VersionId).not.toBe(first);
    expect((await read("a", Bucket)).toString()).toBe("one");

    const { VersionId: marker } = await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect((await failure(copy("a", "b"))).code).toBe("NoSuchKey");
    expect((await failure(copy(`a?versionId=${marker}`, "b"))).code).toBe("InvalidRequest");
    const unknown = `a?versionId=${crypto.randomUUID()}`;
    expect((await failure(copy(unknown, "b"))).code).toBe("NoSuchVersion");
  });

  test("of keys that need encoding", async () => {
    for (const key of ["a b", "é/ü", "100%", "a+b", "?versionId", "x?versionId=null", "//", "%25"]) {
      await put(key, key);
      await copy(encode(key), "b");
      expect((await read("b")).toString()).toBe(key);
    }
  });

  test("counts against the quota, and gives back what it reserved", async () => {
    await put("a", LARGE);
    const quota = { "quota-type": "user", uid, enabled: "true", "max-objects": "-1" };
    await admin(store, "PUT", "/user", { quota: "", ...quota, "max-size-kb": "400" });
    expect((await failure(copy("a", "b"))).code).toBe("no error");
    for (let i = 0; i < 3; i++) expect((await failure(copy("a", `c${i}`))).code).toBe("QuotaExceeded");
    const broken = copy("a", "c", { CopySourceIfMatch: '"other"' });
    expect((await failure(broken)).code).toBe("PreconditionFailed");
    await s3.send(new DeleteObjectCommand({ Bucket: "copies", Key: "b" }));
    expect((await failure(copy("a", "c"))).code).toBe("no error");
  });

  test("needs the right to read the source and to write the copy, in one tenant", async () => {
    await put("a", "x", { Tagging: "t=1" });
    const [tenant] = uid.split("$");
    const names = `${tenant}$scoped`;
    const scoped = s3Client(store, await createUser(store, names));
    const attempt = async (more: object = {}) =>
      (
        await failure(
          scoped.send(
            new CopyObjectCommand({ Bucket: "copies", Key: "b", CopySource: `${Bucket}/a`, ...more }),
          ),
        )
      ).code;
    const allow = (Action: string[], bucket: string) => ({
      Effect: "Allow",
      Action,
      Resource: [`arn:aws:s3:::${bucket}/*`],
    });
    const writing = allow(["s3:PutObject", "s3:PutObjectTagging"], "copies");
    await putPolicy(store, names, [writing]);
    expect(await attempt()).toBe("AccessDenied");
    await putPolicy(store, names, [allow(["s3:GetObject"], Bucket)]);
    expect(await attempt()).toBe("AccessDenied");
    await putPolicy(store, names, [writing, allow(["s3:GetObject"], Bucket)]);
    // The tags would come along unread.
    expect(await attempt()).toBe("AccessDenied");
    expect(await attempt({ TaggingDirective: "REPLACE" })).toBe("no error");
    expect(await attempt({ CopySource: `${Bucket}/a?versionId=null` })).toBe("AccessDenied");
    await putPolicy(store, names, [writing, allow(["s3:GetObject", "s3:GetObjectTagging"], Bucket)]);
    expect(await attempt()).toBe("no error");
    // Without the right to list, nobody is told what is not there.
    expect(await attempt({ CopySource: `${Bucket}/none` })).toBe("AccessDenied");

    const stranger = s3Client(store, (await createTenant(store)).key);
    await stranger.send(new CreateBucketCommand({ Bucket: "theirs" }));
    for (const CopySource of [`${Bucket}/a`, `${tenant}:${Bucket}/a`, `${tenant}%3A${Bucket}/a`]) {
      const theft = new CopyObjectCommand({ Bucket: "theirs", Key: "b", CopySource });
      expect(await failure(stranger.send(theft))).toEqual({ code: "NoSuchBucket", status: 404 });
    }
    expect((await failure(copy("a", "b", { ExpectedSourceBucketOwner: "someone" }))).code).toBe(
      "AccessDenied",
    );
  });

  test("of a source that is overwritten all the while is one of its bodies", async () => {
    const bodies = Array.from({ length: 12 }, (_, i) => Buffer.alloc(300_000, i));
    await put("a", bodies[0] as Buffer);
    const writing = bodies.map((body) => put("a", body));
    const copies = Array.from({ length: 12 }, (_, i) => copy("a", `b${i}`));
    await Promise.all([...writing, ...copies]);
    for (let i = 0; i < copies.length; i++) {
      const got = await read(`b${i}`);
      expect(bodies.some((body) => body.equals(got))).toBe(true);
    }
  });
});

describe("a part that is copied", () => {
  const source = randomBytes(PART + 500);

  async function begin(more: object = {}) {
    await put("a", source);
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket: "copies", Key: "k", ...more }),
    );
    const part = (PartNumber: number, more: object = {}) =>
      s3.send(
        new UploadPartCopyCommand({
          Bucket: "copies",
          Key: "k",
          UploadId,
          PartNumber,
          CopySource: `${Bucket}/a`,
          ...more,
        }),
      );
    return { UploadId, part };
  }

  test("is a range of an object or all of it, and may come from one in parts", async () => {
    const { UploadId, part } = await begin({ ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    await putInParts("parts", randomBytes(PART), LARGE);
    const one = await part(1);
    const two = await part(2, { CopySource: `${Bucket}/parts`, CopySourceRange: `bytes=100-${PART + 99}` });
    const three = await part(3, { CopySourceRange: "bytes=5-5" });
    const Parts = [one, two, three].map(({ CopyPartResult }, index) => ({
      PartNumber: index + 1,
      ETag: CopyPartResult?.ETag,
      ChecksumCRC32: CopyPartResult?.ChecksumCRC32,
    }));
    expect(Parts[0]?.ETag).toBe(etag(source));
    await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket: "copies",
        Key: "k",
        UploadId,
        MultipartUpload: { Parts },
      }),
    );
    const whole = await read("parts", Bucket);
    const expected = [source, whole.subarray(100, PART + 100), source.subarray(5, 6)];
    expect((await read("k")).equals(Buffer.concat(expected))).toBe(true);
  });

  test("has a range that its source holds, and conditions", async () => {
    const { part } = await begin();
    const outcome = (more: object) => failure(part(1, more));
    for (const CopySourceRange of ["0-2", "bytes=0", "bytes=a-b", "bytes=0-1,3-4", "bytes=5-1", "bytes=-5"]) {
      expect(await outcome({ CopySourceRange })).toEqual({ code: "InvalidArgument", status: 400 });
    }
    expect((await outcome({ CopySourceRange: `bytes=0-${source.length}` })).code).toBe("InvalidRange");
    expect((await outcome({ CopySourceIfMatch: '"x"' })).code).toBe("PreconditionFailed");
    expect((await outcome({ CopySource: `${Bucket}/none` })).code).toBe("NoSuchKey");
    expect((await outcome({ UploadId: crypto.randomUUID() })).code).toBe("NoSuchUpload");
  });
});

describe("parseCopySource", () => {
  test.each([
    ["b/k", { bucketName: "b", key: "k", versionId: undefined }],
    ["/b/k/l", { bucketName: "b", key: "k/l", versionId: undefined }],
    ["b%2Fk", { bucketName: "b", key: "k", versionId: undefined }],
    ["%2Fb%2fk", { bucketName: "b", key: "k", versionId: undefined }],
    ["b/a+b%2Bc", { bucketName: "b", key: "a b+c", versionId: undefined }],
    ["b/a?b", { bucketName: "b", key: "a?b", versionId: undefined }],
    ["b//k", { bucketName: "b", key: "/k", versionId: undefined }],
    ["b/k?versionId=null", { bucketName: "b", key: "k", versionId: "null" }],
    ["b/k%3FversionId=x", { bucketName: "b", key: "k?versionId=x", versionId: undefined }],
    [Buffer.from("b/é").toString("latin1"), { bucketName: "b", key: "é", versionId: undefined }],
  ])("%s", (header, parsed) => expect(parseCopySource(header)).toEqual(parsed));

  test.each(["", "b", "b/", "/b", "//k", "b/%", "b/%ff", "b/%00", "b/k?versionId=x", "b/k?versionId="])(
    "%s is refused",
    (header) => expect(() => parseCopySource(header)).toThrow(S3Error),
  );
});
