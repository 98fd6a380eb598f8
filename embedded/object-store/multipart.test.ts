import { randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { describe, expect, test } from "vitest";
import { failure } from "./testing.ts";
import { Bucket, etagOf, FIRST, LAST, PART, type Parts, withUploads } from "./testing-multipart.ts";

const tenant = withUploads();
const { begin, complete, files, makeObject, read, uploadParts, usage } = tenant;

describe("an upload in parts", () => {
  test("becomes one object, with the headers, metadata and tags that it was begun with", async () => {
    const id = await begin("dir/a b", {
      ContentType: "text/plain",
      CacheControl: "no-store",
      Metadata: { cor: "azul" },
      Tagging: "a=1&b=2",
    });
    expect((await failure(tenant.s3.send(new HeadObjectCommand({ Bucket, Key: "dir/a b" })))).status).toBe(
      404,
    );
    const parts = await uploadParts("dir/a b", id, { 1: FIRST, 2: LAST });
    const answer = await complete("dir/a b", id, parts);
    expect(answer).toMatchObject({
      Bucket,
      Key: "dir/a b",
      ETag: etagOf(FIRST, LAST),
      Location: `${tenant.store.endpoint}/${Bucket}/dir/a%20b`,
    });
    const head = await tenant.s3.send(new HeadObjectCommand({ Bucket, Key: "dir/a b" }));
    expect(head).toMatchObject({
      ETag: etagOf(FIRST, LAST),
      ContentLength: PART + 1000,
      ContentType: "text/plain",
      CacheControl: "no-store",
      Metadata: { cor: "azul" },
      TagCount: 2,
    });
    expect((await read("dir/a b")).equals(Buffer.concat([FIRST, LAST]))).toBe(true);
    const { Contents } = await tenant.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents).toMatchObject([{ Key: "dir/a b", Size: PART + 1000, ETag: etagOf(FIRST, LAST) }]);
    expect(
      await failure(tenant.s3.send(new ListPartsCommand({ Bucket, Key: "dir/a b", UploadId: id }))),
    ).toEqual({
      code: "NoSuchUpload",
      status: 404,
    });
  });

  test("is read in ranges, within one part and across them", async () => {
    const bodies = [FIRST, randomBytes(PART), LAST];
    const whole = Buffer.concat(bodies);
    await makeObject("ranges", ...bodies);
    for (const [first, last] of [
      [0, 0],
      [PART - 1, PART - 1],
      [PART - 1, PART],
      [PART, PART],
      [PART - 10, 2 * PART + 10],
      [2 * PART, 2 * PART + 999],
      [7, 2 * PART + 500],
    ] as [number, number][]) {
      const piece = await read("ranges", { Range: `bytes=${first}-${last}` });
      expect(piece.equals(whole.subarray(first, last + 1)), `${first}-${last}`).toBe(true);
    }
    expect((await read("ranges", { Range: "bytes=-1001" })).equals(whole.subarray(-1001))).toBe(true);
  });

  test("is read part by part, counted without gaps", async () => {
    const id = await begin("numbered");
    const parts = await uploadParts("numbered", id, { 3: FIRST, 700: LAST });
    await complete("numbered", id, parts);
    const second = await tenant.s3.send(new GetObjectCommand({ Bucket, Key: "numbered", PartNumber: 2 }));
    expect(second).toMatchObject({
      PartsCount: 2,
      ContentRange: `bytes ${PART}-${PART + 999}/${PART + 1000}`,
    });
    expect(Buffer.from((await second.Body?.transformToByteArray()) ?? []).equals(LAST)).toBe(true);
    const third = tenant.s3.send(new GetObjectCommand({ Bucket, Key: "numbered", PartNumber: 3 }));
    expect((await failure(third)).code).toBe("InvalidPart");
  });

  test("frees what a part is replaced by, what is not listed, and what an abort leaves", async () => {
    const before = (await files()).length;
    const id = await begin("freed");
    await uploadParts("freed", id, { 1: LAST, 2: LAST, 9: LAST });
    const [part] = await uploadParts("freed", id, { 1: FIRST });
    expect(await usage()).toEqual({
      "rgw.multimeta": expect.objectContaining({ size: PART + 2000, num_objects: 3 }),
    });
    expect((await files()).length - before).toBe(3);
    await complete("freed", id, [part ?? {}]);
    expect(await usage()).toEqual({
      "rgw.main": expect.objectContaining({ size: PART, num_objects: 1 }),
    });
    expect((await files()).length - before).toBe(1);

    const other = await begin("freed");
    await uploadParts("freed", other, { 1: LAST });
    const abort = () =>
      tenant.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "freed", UploadId: other }));
    await abort();
    expect(await failure(abort())).toEqual({ code: "NoSuchUpload", status: 404 });
    expect((await files()).length - before).toBe(1);
    await tenant.s3.send(new DeleteObjectCommand({ Bucket, Key: "freed" }));
    expect((await files()).length - before).toBe(0);
    expect(await usage()).toEqual({});
  });

  test("may have one part, and that one empty", async () => {
    const id = await begin("empty");
    const parts = await uploadParts("empty", id, { 1: Buffer.alloc(0) });
    expect((await complete("empty", id, parts)).ETag).toBe(etagOf(Buffer.alloc(0)));
    expect(await read("empty")).toHaveLength(0);
    await tenant.s3.send(new DeleteObjectCommand({ Bucket, Key: "empty" }));
  });

  test("overwrites an object, and is overwritten by one", async () => {
    const before = (await files()).length;
    await tenant.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: FIRST }));
    await makeObject("k", FIRST, LAST);
    expect((await files()).length - before).toBe(2);
    await tenant.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "small" }));
    await expect.poll(async () => (await files()).length - before).toBe(0);
    expect((await read("k")).toString()).toBe("small");
  });

  test("becomes a version where the bucket keeps them", async () => {
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await tenant.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const ids = [];
    for (const body of [FIRST, LAST]) {
      const id = await begin("k");
      const parts = await uploadParts("k", id, { 1: body });
      const { VersionId } = await complete("k", id, parts);
      expect((await complete("k", id, parts)).VersionId).toBe(VersionId);
      ids.push(VersionId);
    }
    expect(new Set(ids).size).toBe(2);
    expect((await read("k", { VersionId: `${ids[0]}` })).equals(FIRST)).toBe(true);
    expect((await usage())["balde.noncurrent"]).toMatchObject({ size: PART, num_objects: 1 });
    for (const VersionId of ids)
      await tenant.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId }));
    expect(await usage()).toEqual({});
  });
});

describe("completing", () => {
  test("refuses parts that are not there, are too small, or are in disorder", async () => {
    const id = await begin("k");
    const [one, two] = await uploadParts("k", id, { 1: LAST, 2: LAST });
    if (!one || !two) throw new Error("no parts");
    const outcome = async (parts: Parts) => (await failure(complete("k", id, parts))).code;
    expect(await outcome([one, two])).toBe("EntityTooSmall");
    expect(await outcome([two, one])).toBe("InvalidPartOrder");
    expect(await outcome([{ ...one, PartNumber: 3 }])).toBe("InvalidPart");
    expect(await outcome([{ ...one, ETag: '"0123456789abcdef0123456789abcdef"' }])).toBe("InvalidPart");
    expect(await outcome([])).toBe("MalformedXML");
    expect((await failure(complete("another", id, [one]))).code).toBe("NoSuchUpload");
    expect((await failure(complete("k", "no-such-id", [one]))).code).toBe("NoSuchUpload");
    expect(await failure(complete("k", id, [one], { MpuObjectSize: 999 }))).toEqual({
      code: "InvalidRequest",
      status: 400,
    });
    // None of these has ended the upload. ETags may come without quotes, and a part twice.
    const bare = { PartNumber: 2, ETag: two.ETag?.replaceAll('"', "") };
    expect((await complete("k", id, [bare, bare], { MpuObjectSize: 1000 })).ETag).toBe(etagOf(LAST));
  });

  test("under conditions", async () => {
    const put = async (more: Partial<CompleteMultipartUploadCommandInput>) => {
      const id = await begin("k");
      const parts = await uploadParts("k", id, { 1: LAST });
      return failure(complete("k", id, parts, more));
    };
    expect(await put({ IfMatch: '"x"' })).toEqual({ code: "NoSuchKey", status: 404 });
    expect((await put({ IfNoneMatch: "*" })).code).toBe("no error");
    expect(await put({ IfNoneMatch: "*" })).toEqual({ code: "PreconditionFailed", status: 412 });
    expect((await put({ IfMatch: '"x"' })).code).toBe("PreconditionFailed");
    expect((await put({ IfMatch: etagOf(LAST) })).code).toBe("no error");
  });

  test("again answers the same, until the object is gone", async () => {
    const id = await begin("k");
    const parts = await uploadParts("k", id, { 1: FIRST, 2: LAST });
    const answers = await Promise.all([1, 2, 3, 4].map(() => complete("k", id, parts)));
    const repeated = await complete("k", id, parts, { IfNoneMatch: "*" });
    for (const answer of [...answers, repeated]) expect(answer.ETag).toBe(etagOf(FIRST, LAST));
    expect((await usage())["rgw.main"]).toMatchObject({ size: PART + 1000, num_objects: 1 });
    expect((await failure(complete("k", id, parts.slice(0, 1)))).code).toBe("NoSuchUpload");
    await tenant.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect((await failure(complete("k", id, parts))).code).toBe("NoSuchUpload");
  });

  test("at once with different lists makes one of the objects", async () => {
    const id = await begin("k");
    const parts = await uploadParts("k", id, { 1: FIRST, 2: LAST });
    const lists = [parts, parts.slice(0, 1), parts.slice(1)];
    const outcomes = await Promise.all(lists.map((list) => failure(complete("k", id, list))));
    expect(outcomes.filter(({ code }) => code === "no error")).toHaveLength(1);
    const winner = lists[outcomes.findIndex(({ code }) => code === "no error")] ?? [];
    const bodies = winner.map(({ PartNumber }) => (PartNumber === 1 ? FIRST : LAST));
    expect((await read("k")).equals(Buffer.concat(bodies))).toBe(true);
    expect((await usage())["rgw.multimeta"]).toBeUndefined();
  });
});

describe("clients", () => {
  test("lib-storage uploads a stream of unknown length", async () => {
    const body = randomBytes(2 * PART + 17);
    const upload = new Upload({
      client: tenant.s3,
      params: { Bucket, Key: "k", Body: new Blob([body]).stream(), ContentType: "image/png" },
    });
    await upload.done();
    expect((await read("k")).equals(body)).toBe(true);
    expect((await tenant.s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).ContentType).toBe("image/png");
  });

  test("a part may come through a presigned URL, as from a browser, whatever checksum the upload has", async () => {
    const UploadId = await begin("k", { ChecksumAlgorithm: "CRC32" });
    const url = await getSignedUrl(
      tenant.s3,
      new UploadPartCommand({ Bucket, Key: "k", UploadId, PartNumber: 1 }),
    );
    const answer = await fetch(url, { method: "PUT", body: new Uint8Array(LAST) });
    expect(answer.status).toBe(200);
    const parts = [{ PartNumber: 1, ETag: `${answer.headers.get("etag")}` }];
    expect((await complete("k", UploadId, parts)).ETag).toBe(etagOf(LAST));
  });
});
