import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import path from "node:path";
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  type ChecksumType,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { createChecksum } from "./checksums.ts";
import { collectOrphans } from "./collector.ts";
import { transaction } from "./database.ts";
import { checkCounters } from "./scrub/check-counters.ts";
import { admin, createTenant, createUser, failure, putPolicy, s3Client, send } from "./testing.ts";
import { type InProcessStore, startInProcess } from "./testing-in-process.ts";
import { closeUpload, lockUpload } from "./uploads.ts";

const MIB = 1024 * 1024;
const PART = 5 * MIB;
const FIRST = randomBytes(PART);
const LAST = randomBytes(1000);
const Bucket = "parts";

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
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(() => store?.stop());

const md5 = (body: Buffer) => createHash("md5").update(body).digest();
const etagOf = (...parts: Buffer[]) =>
  `"${md5(Buffer.concat(parts.map(md5))).toString("hex")}-${parts.length}"`;

async function begin(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return `${UploadId}`;
}

/** Uploads parts and gives them back as CompleteMultipartUpload takes them. */
async function uploadParts(Key: string, UploadId: string, bodies: Record<number, Buffer>) {
  const parts = [];
  for (const [number, Body] of Object.entries(bodies)) {
    const PartNumber = Number(number);
    const answer = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    const { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256 } = answer;
    parts.push({
      PartNumber,
      ETag,
      ChecksumCRC32,
      ChecksumCRC32C,
      ChecksumCRC64NVME,
      ChecksumSHA1,
      ChecksumSHA256,
    });
  }
  return parts;
}

type Parts = NonNullable<CompleteMultipartUploadCommandInput["MultipartUpload"]>["Parts"];
const complete = (
  Key: string,
  UploadId: string,
  Parts: Parts,
  more: Partial<CompleteMultipartUploadCommandInput> = {},
) =>
  s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));

/** An object of these parts. */
async function makeObject(Key: string, ...bodies: Buffer[]): Promise<void> {
  const id = await begin(Key);
  await complete(
    Key,
    id,
    await uploadParts(Key, id, Object.fromEntries(bodies.map((body, i) => [i + 1, body]))),
  );
}

async function read(Key: string, more: { Range?: string; VersionId?: string } = {}): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const files = async () =>
  (await readdir(path.join(store.directory, "blobs"), { recursive: true })).filter((name) => name.length > 2);

async function usage(): Promise<Record<string, { size: number; num_objects: number }>> {
  expect(await checkCounters(store.store.database)).toEqual([]);
  return (await admin(store, "GET", "/bucket", { uid, bucket: Bucket, stats: "true" })).json.usage;
}

describe("an upload in parts", () => {
  test("becomes one object, with the headers, metadata and tags that it was begun with", async () => {
    const id = await begin("dir/a b", {
      ContentType: "text/plain",
      CacheControl: "no-store",
      Metadata: { cor: "azul" },
      Tagging: "a=1&b=2",
    });
    expect((await failure(s3.send(new HeadObjectCommand({ Bucket, Key: "dir/a b" })))).status).toBe(404);
    const parts = await uploadParts("dir/a b", id, { 1: FIRST, 2: LAST });
    const answer = await complete("dir/a b", id, parts);
    expect(answer).toMatchObject({
      Bucket,
      Key: "dir/a b",
      ETag: etagOf(FIRST, LAST),
      Location: `${store.endpoint}/${Bucket}/dir/a%20b`,
    });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "dir/a b" }));
    expect(head).toMatchObject({
      ETag: etagOf(FIRST, LAST),
      ContentLength: PART + 1000,
      ContentType: "text/plain",
      CacheControl: "no-store",
      Metadata: { cor: "azul" },
      TagCount: 2,
    });
    expect((await read("dir/a b")).equals(Buffer.concat([FIRST, LAST]))).toBe(true);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents).toMatchObject([{ Key: "dir/a b", Size: PART + 1000, ETag: etagOf(FIRST, LAST) }]);
    expect(await failure(s3.send(new ListPartsCommand({ Bucket, Key: "dir/a b", UploadId: id })))).toEqual({
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
    const second = await s3.send(new GetObjectCommand({ Bucket, Key: "numbered", PartNumber: 2 }));
    expect(second).toMatchObject({
      PartsCount: 2,
      ContentRange: `bytes ${PART}-${PART + 999}/${PART + 1000}`,
    });
    expect(Buffer.from((await second.Body?.transformToByteArray()) ?? []).equals(LAST)).toBe(true);
    const third = s3.send(new GetObjectCommand({ Bucket, Key: "numbered", PartNumber: 3 }));
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
    expect(await usage()).toEqual({ "rgw.main": expect.objectContaining({ size: PART, num_objects: 1 }) });
    expect((await files()).length - before).toBe(1);

    const other = await begin("freed");
    await uploadParts("freed", other, { 1: LAST });
    const abort = () => s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "freed", UploadId: other }));
    await abort();
    expect(await failure(abort())).toEqual({ code: "NoSuchUpload", status: 404 });
    expect((await files()).length - before).toBe(1);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "freed" }));
    expect((await files()).length - before).toBe(0);
    expect(await usage()).toEqual({});
  });

  test("may have one part, and that one empty", async () => {
    const id = await begin("empty");
    const parts = await uploadParts("empty", id, { 1: Buffer.alloc(0) });
    expect((await complete("empty", id, parts)).ETag).toBe(etagOf(Buffer.alloc(0)));
    expect(await read("empty")).toHaveLength(0);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "empty" }));
  });

  test("overwrites an object, and is overwritten by one", async () => {
    const before = (await files()).length;
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: FIRST }));
    await makeObject("k", FIRST, LAST);
    expect((await files()).length - before).toBe(2);
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "small" }));
    expect((await files()).length - before).toBe(0);
    expect((await read("k")).toString()).toBe("small");
  });

  test("becomes a version where the bucket keeps them", async () => {
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
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
    for (const VersionId of ids) await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId }));
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
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
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

describe("checksums", () => {
  const bodies = { 1: FIRST, 2: LAST };
  const raw = (algorithm: ChecksumAlgorithm, ...pieces: Buffer[]) => {
    const checksum = createChecksum(algorithm as Parameters<typeof createChecksum>[0]);
    for (const piece of pieces) checksum.update(piece);
    return checksum.digest();
  };

  test.each([
    ["CRC32", "COMPOSITE"],
    ["CRC32", "FULL_OBJECT"],
    ["CRC32C", "COMPOSITE"],
    ["CRC32C", "FULL_OBJECT"],
    ["CRC64NVME", "FULL_OBJECT"],
    ["SHA1", "COMPOSITE"],
    ["SHA256", "COMPOSITE"],
  ] as [ChecksumAlgorithm, ChecksumType][])("%s %s", async (algorithm, type) => {
    const member = `Checksum${algorithm}` as "ChecksumCRC32";
    // The JavaScript SDK needs a native package for two of them; what comes without a checksum gets one here.
    const sent = algorithm === "CRC32C" || algorithm === "CRC64NVME" ? undefined : algorithm;
    const id = await begin("k", { ChecksumAlgorithm: algorithm, ChecksumType: type });
    const parts: { PartNumber: number; ETag: string | undefined; [checksum: string]: unknown }[] = [];
    const plain = s3Client(store, await s3.config.credentials(), {});
    plain.config.requestChecksumCalculation = async () => "WHEN_REQUIRED";
    for (const [number, Body] of Object.entries(bodies)) {
      const PartNumber = Number(number);
      const { ETag } = await (sent ? s3 : plain).send(
        new UploadPartCommand({
          Bucket,
          Key: "k",
          UploadId: id,
          PartNumber,
          Body,
          ...(sent ? { ChecksumAlgorithm: sent } : {}),
        }),
      );
      parts.push({ PartNumber, ETag, [member]: raw(algorithm, Body).toString("base64") });
    }
    const { Parts: listed, ...list } = await s3.send(
      new ListPartsCommand({ Bucket, Key: "k", UploadId: id }),
    );
    expect(list).toMatchObject({ ChecksumAlgorithm: algorithm, ChecksumType: type });
    expect(listed?.map((part) => part[member])).toEqual(parts.map((part) => part[member]));

    const expected =
      type === "FULL_OBJECT"
        ? raw(algorithm, FIRST, LAST).toString("base64")
        : `${raw(algorithm, raw(algorithm, FIRST), raw(algorithm, LAST)).toString("base64")}-2`;
    const wrong = raw(algorithm, LAST).toString("base64");
    const outcome = (more: object, list: Parts = parts) => failure(complete("k", id, list, more));
    expect((await outcome({ [member]: wrong })).code).toBe("BadDigest");
    expect((await outcome({}, [{ ...parts[0], [member]: wrong }, parts[1] ?? {}])).code).toBe("InvalidPart");
    const otherType = type === "COMPOSITE" ? "FULL_OBJECT" : "COMPOSITE";
    expect((await outcome({ ChecksumType: otherType })).code).toBe("InvalidRequest");
    const answer = await complete("k", id, parts, { [member]: expected, ChecksumType: type });
    expect([answer[member], answer.ChecksumType]).toEqual([expected, type]);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "k", ChecksumMode: "ENABLED" }));
    expect([head[member], head.ChecksumType]).toEqual([expected, type]);
  });

  test("cannot be of a type that the algorithm has not", async () => {
    const outcome = async (ChecksumAlgorithm: ChecksumAlgorithm | undefined, ChecksumType: ChecksumType) =>
      (await failure(begin("k", { ChecksumAlgorithm, ChecksumType }))).code;
    expect(await outcome("SHA256", "FULL_OBJECT")).toBe("InvalidRequest");
    expect(await outcome("CRC64NVME", "COMPOSITE")).toBe("InvalidRequest");
  });

  test("of another algorithm than the upload's are refused", async () => {
    const id = await begin("k", { ChecksumAlgorithm: "SHA256" });
    const put = new UploadPartCommand({
      Bucket,
      Key: "k",
      UploadId: id,
      PartNumber: 1,
      Body: "x",
      ChecksumAlgorithm: "SHA1",
    });
    expect(await failure(s3.send(put))).toEqual({ code: "InvalidRequest", status: 400 });
  });
});

describe("listing", () => {
  test("parts in pages", async () => {
    const id = await begin("k");
    await uploadParts("k", id, { 1: LAST, 5: LAST, 9: FIRST });
    const list = (more: object) => s3.send(new ListPartsCommand({ Bucket, Key: "k", UploadId: id, ...more }));
    const first = await list({ MaxParts: 2 });
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "5", MaxParts: 2 });
    expect(first.Initiator?.ID).toBe(uid);
    const rest = await list({ PartNumberMarker: first.NextPartNumberMarker });
    expect(rest.IsTruncated).toBe(false);
    expect(rest.Parts).toMatchObject([
      { PartNumber: 9, Size: PART, ETag: `"${md5(FIRST).toString("hex")}"` },
    ]);
    expect((await list({ MaxParts: 0 })).Parts ?? []).toEqual([]);
  });

  test("uploads in pages, whether or not the one is still there that a page ended with", async () => {
    const begun = [];
    for (const Key of ["a", "a", "a", "b", "dir/1", "dir/2", "é"])
      begun.push({ Key, UploadId: await begin(Key) });
    const pages = [];
    let KeyMarker: string | undefined;
    let UploadIdMarker: string | undefined;
    for (;;) {
      const page: ListMultipartUploadsCommandOutput = await s3.send(
        new ListMultipartUploadsCommand({ Bucket, MaxUploads: 2, KeyMarker, UploadIdMarker }),
      );
      pages.push(...(page.Uploads ?? []).map(({ Key, UploadId }) => ({ Key, UploadId })));
      if (!page.IsTruncated) break;
      ({ NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page);
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: KeyMarker, UploadId: UploadIdMarker }));
    }
    expect(pages).toEqual(begun);

    const grouped = await s3.send(
      new ListMultipartUploadsCommand({ Bucket, Delimiter: "/", EncodingType: "url" }),
    );
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: "dir/" }]);
    expect(grouped.Uploads?.map(({ Key }) => Key)).toEqual(["a", "a", "%C3%A9"]);
    const within = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "dir/" }));
    expect(within.Uploads?.map(({ Key }) => Key)).toEqual(["dir/1"]);
    const bad = new ListMultipartUploadsCommand({ Bucket, KeyMarker: "a", UploadIdMarker: "x" });
    expect((await failure(s3.send(bad))).code).toBe("InvalidArgument");
  });

  test("attributes of objects, their parts in pages", async () => {
    const id = await begin("k", { ChecksumAlgorithm: "CRC32" });
    await complete("k", id, await uploadParts("k", id, { 2: FIRST, 4: FIRST, 6: LAST }));
    const ObjectAttributes = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"] as const;
    const get = (Key: string, more: object) =>
      s3.send(
        new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: [...ObjectAttributes], ...more }),
      );
    const page = await get("k", { MaxParts: 1, PartNumberMarker: "1" });
    expect(page).toMatchObject({
      ETag: etagOf(FIRST, FIRST, LAST).replaceAll('"', ""),
      ObjectSize: 2 * PART + 1000,
      StorageClass: "STANDARD",
      Checksum: { ChecksumType: "COMPOSITE" },
      ObjectParts: {
        TotalPartsCount: 3,
        IsTruncated: true,
        NextPartNumberMarker: "2",
        Parts: [{ PartNumber: 2, Size: PART }],
      },
    });
    await s3.send(new PutObjectCommand({ Bucket, Key: "plain", Body: "x" }));
    const plain = await get("plain", {});
    expect(plain.ObjectParts).toBeUndefined();
    expect(plain.Checksum?.ChecksumType).toBe("FULL_OBJECT");
    expect((await failure(get("none", {}))).code).toBe("NoSuchKey");
    const some = await get("plain", { ObjectAttributes: ["ObjectSize"] });
    expect([some.ObjectSize, some.ETag]).toEqual([1, undefined]);
  });
});

describe("limits", () => {
  test("a part number is from 1 to 10,000", async () => {
    const UploadId = await begin("k");
    for (const PartNumber of [0, 10_001]) {
      const put = new UploadPartCommand({ Bucket, Key: "k", UploadId, PartNumber, Body: "x" });
      expect(await failure(s3.send(put))).toEqual({ code: "InvalidArgument", status: 400 });
    }
    expect((await uploadParts("k", UploadId, { 10000: LAST })).length).toBe(1);
  });

  test("bytes count when a part comes in, the object when it is completed", async () => {
    const quota = { "quota-type": "user", uid, enabled: "true" };
    await admin(store, "PUT", "/user", { quota: "", ...quota, "max-size-kb": "6144", "max-objects": "1" });
    const [a, b] = [await begin("a"), await begin("b")];
    const parts = await uploadParts("a", a, { 1: FIRST });
    expect((await failure(uploadParts("b", b, { 1: FIRST }))).code).toBe("QuotaExceeded");
    // A replacement needs room beside what it replaces, as an overwrite does.
    expect((await failure(uploadParts("a", a, { 1: FIRST }))).code).toBe("QuotaExceeded");
    const others = await uploadParts("b", b, { 1: LAST });
    const outcomes = await Promise.all([failure(complete("a", a, parts)), failure(complete("b", b, others))]);
    expect(outcomes.map(({ code }) => code).sort()).toEqual(["QuotaExceeded", "no error"]);
    expect((await usage())["rgw.main"]?.num_objects).toBe(1);
    // Repeating the one that worked takes no further object.
    const again = outcomes[0]?.code === "no error" ? complete("a", a, parts) : complete("b", b, others);
    expect((await failure(again)).code).toBe("no error");
  });

  test("10,000 parts make an object", async () => {
    const UploadId = await begin("k", { ChecksumAlgorithm: "CRC64NVME" });
    const etag = md5(LAST).toString("hex");
    // Rows alone: the files would be 50 GB.
    await store.store.database.query(
      `insert into s3.parts (upload_id, number, blob_id, size_bytes, etag, checksum_value)
       select $1, n, gen_random_uuid(), $2, $3, 'AAAAAAAAAAA=' from generate_series(1, 10000) n`,
      [UploadId, PART, etag],
    );
    await store.store.database.query(
      `insert into s3.space_entries (bucket_id, current_bytes, current_count, upload_bytes, upload_part_count)
       select bucket_id, 0, 0, 10000 * $2::bigint, 10000 from s3.uploads where id = $1`,
      [UploadId, PART],
    );
    const Parts = Array.from({ length: 10_000 }, (_, i) => ({ PartNumber: i + 1, ETag: `"${etag}"` }));
    const startedAt = performance.now();
    expect((await complete("k", UploadId, Parts)).ETag).toMatch(/-10000"$/);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "k", PartNumber: 10_000 }))).PartsCount).toBe(
      10_000,
    );
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await usage()).toEqual({});
    const tooMany = [...Parts, { PartNumber: 10_001, ETag: etag }];
    expect((await failure(complete("k", UploadId, tooMany))).code).toBe("MalformedXML");
  });

  test("who may do what", async () => {
    const [tenant] = uid.split("$");
    const reader = s3Client(store, await createUser(store, `${tenant}$reader`));
    await putPolicy(store, `${tenant}$reader`, [
      { Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: ["arn:aws:s3:::*"] },
    ]);
    const stranger = s3Client(store, (await createTenant(store)).key);
    const UploadId = await begin("k");
    const calls = (client: S3Client) => [
      client.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" })),
      client.send(new UploadPartCommand({ Bucket, Key: "k", UploadId, PartNumber: 1, Body: "x" })),
      client.send(new ListPartsCommand({ Bucket, Key: "k", UploadId })),
      client.send(new ListMultipartUploadsCommand({ Bucket })),
      client.send(new AbortMultipartUploadCommand({ Bucket, Key: "k", UploadId })),
      client.send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key: "k",
          UploadId,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag: "x" }] },
        }),
      ),
    ];
    for (const { code } of await Promise.all(calls(reader).map(failure))) expect(code).toBe("AccessDenied");
    for (const { code } of await Promise.all(calls(stranger).map(failure))) expect(code).toBe("NoSuchBucket");
  });

  test("a header that is not understood is refused", async () => {
    const { key } = await createTenant(store);
    const answer = await send(store, key, {
      method: "POST",
      path: `/${Bucket}/k`,
      query: { uploads: "" },
      headers: { "x-amz-server-side-encryption": "AES256" },
    });
    expect(answer.status).toBe(501);
  });
});

describe("at the same time", () => {
  test("a reader gets all of a body though it is overwritten and deleted meanwhile", async () => {
    const bodies = [FIRST, randomBytes(PART), randomBytes(PART), LAST];
    await makeObject("k", ...bodies);
    const before = (await files()).length;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: "k" }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "other" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    // The collector may not take them from under the reader either.
    await collectOrphans(store.store.database, store.store.blobs, -60_000);
    const got = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(got.equals(Buffer.concat(bodies))).toBe(true);
    await expect.poll(async () => (await files()).length).toBe(before - 4);
  });

  test("a reader that goes away holds nothing back", async () => {
    await makeObject("k", FIRST, FIRST, LAST);
    const before = (await files()).length;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: "k" }));
    (Body as unknown as { destroy(): void }).destroy();
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    await expect.poll(async () => (await files()).length).toBe(before - 3);
  });

  test("parts that come in while their upload is aborted leave nothing", async () => {
    const before = (await files()).length;
    for (let round = 0; round < 5; round++) {
      const id = await begin("k");
      const parts = Array.from({ length: 8 }, (_, i) => failure(uploadParts("k", id, { [i + 1]: LAST })));
      const abort = failure(s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "k", UploadId: id })));
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
    const { Parts = [] } = await s3.send(new ListPartsCommand({ Bucket, Key: "k", UploadId: id }));
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
      await s3.send(new CreateBucketCommand({ Bucket }));
      const id = await begin("k");
      const parts = await uploadParts("k", id, { 1: LAST });
      const outcomes = await Promise.all([
        failure(uploadParts("k", id, { 2: LAST })),
        failure(complete("k", id, parts)),
        failure(s3.send(new DeleteBucketCommand({ Bucket }))),
        failure(begin("k")),
      ]);
      for (const { code } of outcomes) {
        expect(["no error", "NoSuchUpload", "NoSuchBucket", "BucketNotEmpty"]).toContain(code);
      }
      await failure(s3.send(new DeleteObjectCommand({ Bucket, Key: "k" })));
      await failure(s3.send(new DeleteBucketCommand({ Bucket })));
      await collectOrphans(store.store.database, store.store.blobs, -60_000);
      expect((await files()).length).toBe(before);
    }
  });

  test("a bucket that is deleted waits for an upload that is being completed, and never both for each other", async () => {
    const { database } = store.store;
    const UploadId = await begin("k");
    await uploadParts("k", UploadId, { 1: LAST });
    const { rows } = await database.query("select bucket_id from s3.uploads where id = $1", [UploadId]);
    // A second attempt would hide that the first one was broken off.
    const once = s3Client(store, await s3.config.credentials(), { maxAttempts: 1 });
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
    expect((await admin(store, "DELETE", "/user", { uid, "purge-data": "true" })).status).toBe(200);
    expect((await files()).length).toBe(before);
  });
});

describe("clients", () => {
  test("lib-storage uploads a stream of unknown length", async () => {
    const body = randomBytes(2 * PART + 17);
    const upload = new Upload({
      client: s3,
      params: { Bucket, Key: "k", Body: new Blob([body]).stream(), ContentType: "image/png" },
    });
    await upload.done();
    expect((await read("k")).equals(body)).toBe(true);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).ContentType).toBe("image/png");
  });

  test("a part may come through a presigned URL, as from a browser, whatever checksum the upload has", async () => {
    const UploadId = await begin("k", { ChecksumAlgorithm: "CRC32" });
    const url = await getSignedUrl(s3, new UploadPartCommand({ Bucket, Key: "k", UploadId, PartNumber: 1 }));
    const answer = await fetch(url, { method: "PUT", body: new Uint8Array(LAST) });
    expect(answer.status).toBe(200);
    const parts = [{ PartNumber: 1, ETag: `${answer.headers.get("etag")}` }];
    expect((await complete("k", UploadId, parts)).ETag).toBe(etagOf(LAST));
  });
});
