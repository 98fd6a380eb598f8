import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  ChecksumAlgorithm,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { createTenant, failure, s3Client } from "./testing.ts";

// @aws-sdk/client-s3 at its default settings, but for the address: what it sends must work, and what it gets must
// be what Amazon would have answered.

let store: TestObjectStore;
let s3: S3Client;
const Bucket = "data";

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  s3 = s3Client(store, (await createTenant(store)).key);
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(() => store?.stop());

describe("buckets", () => {
  test("are created, listed, found and deleted", async () => {
    await s3.send(
      new CreateBucketCommand({
        Bucket: "second",
        CreateBucketConfiguration: { LocationConstraint: "sa-east-1" },
      }),
    );
    await s3.send(new CreateBucketCommand({ Bucket: "second" }));
    const { Buckets, Owner } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket, "second"]);
    expect(Owner?.ID).toMatch(/^t\w+\$owner$/);
    expect((await s3.send(new HeadBucketCommand({ Bucket: "second" }))).BucketRegion).toBe("sa-east-1");
    const location = await s3.send(new GetBucketLocationCommand({ Bucket: "second" }));
    expect(location.LocationConstraint).toBe("sa-east-1");
    await s3.send(new DeleteBucketCommand({ Bucket: "second" }));
    expect(await failure(s3.send(new HeadBucketCommand({ Bucket: "second" })))).toEqual({
      code: "NotFound",
      status: 404,
    });
  });

  test("need a valid name and the store's region", async () => {
    for (const name of ["ab", "Upper", "a..b", "192.168.0.1", "xn--a", "a-s3alias", "admin"]) {
      expect(await failure(s3.send(new CreateBucketCommand({ Bucket: name })))).toEqual({
        code: "InvalidBucketName",
        status: 400,
      });
    }
    const elsewhere = {
      Bucket: "third",
      CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
    } as const;
    expect((await failure(s3.send(new CreateBucketCommand(elsewhere)))).code).toBe(
      "IllegalLocationConstraintException",
    );
  });

  test("are not deleted while they hold an object", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "full" }));
    await s3.send(new PutObjectCommand({ Bucket: "full", Key: "k", Body: "x" }));
    expect(await failure(s3.send(new DeleteBucketCommand({ Bucket: "full" })))).toEqual({
      code: "BucketNotEmpty",
      status: 409,
    });
  });
});

describe("objects", () => {
  test.each([0, 1, 65_536, 3_000_000])("of %i bytes come back as they were sent", async (sizeBytes) => {
    const body = randomBytes(sizeBytes);
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: `size/${sizeBytes}`, Body: body }));
    expect(put.ETag).toBe(`"${createHash("md5").update(body).digest("hex")}"`);
    expect(put.ChecksumCRC32).toBeDefined();
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: `size/${sizeBytes}` }));
    expect(got.ContentLength).toBe(sizeBytes);
    // The SDK asks for checksums by default and compares them itself while it reads.
    expect(got.ChecksumCRC32).toBe(put.ChecksumCRC32);
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  });

  test("stream up in aws-chunked with a trailer", async () => {
    const body = randomBytes(700_000);
    const Body = Readable.from([body.subarray(0, 100_000), body.subarray(100_000)]);
    const put = await s3.send(
      new PutObjectCommand({ Bucket, Key: "streamed", Body, ContentLength: body.length }),
    );
    expect(put.ETag).toBe(`"${createHash("md5").update(body).digest("hex")}"`);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "streamed" }));
    expect(head.ContentLength).toBe(body.length);
    // aws-chunked is how it travelled, not what it is.
    expect(head.ContentEncoding).toBeUndefined();
  });

  test.each(Object.values(ChecksumAlgorithm).filter((name) => /^(CRC|SHA1|SHA256)/.test(name)))(
    "keep their %s checksum",
    async (algorithm) => {
      const Key = `checksum/${algorithm}`;
      const name = `Checksum${algorithm}` as "ChecksumCRC32";
      const put = await s3.send(
        new PutObjectCommand({ Bucket, Key, Body: "123456789", ChecksumAlgorithm: algorithm }),
      );
      expect(put[name]).toBeDefined();
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
      expect(head[name]).toBe(put[name]);
      expect(head.ChecksumType).toBe("FULL_OBJECT");
      const [listed] = (await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key }))).Contents ?? [];
      expect(listed?.ChecksumAlgorithm).toEqual([algorithm]);
    },
  );

  test("with a wrong checksum or MD5 are refused and leave what was there", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "guarded", Body: "before" }));
    for (const wrong of [
      { ChecksumCRC32: "AAAAAA==" },
      { ChecksumSHA256: "short" },
      { ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" },
    ]) {
      const put = new PutObjectCommand({ Bucket, Key: "guarded", Body: "after", ...wrong });
      expect(await failure(s3.send(put))).toEqual({ code: "BadDigest", status: 400 });
    }
    const malformed = new PutObjectCommand({ Bucket, Key: "guarded", Body: "after", ContentMD5: "short" });
    expect(await failure(s3.send(malformed))).toEqual({ code: "InvalidDigest", status: 400 });
    expect(await text("guarded")).toBe("before");
  });

  test("keep their headers and metadata", async () => {
    const headers = {
      CacheControl: "max-age=60",
      ContentDisposition: 'attachment; filename="a.txt"',
      ContentEncoding: "gzip",
      ContentLanguage: "pt-BR",
      ContentType: "text/plain; charset=utf-8",
    };
    const Metadata = { cor: "azul", "with-space": "a b", accent: "S\u00e3o" };
    const put = new PutObjectCommand({
      Bucket,
      Key: "kept",
      // With a string, Node sends the headers in UTF-8: see below.
      Body: Buffer.from("x"),
      ...headers,
      Metadata,
      Expires: new Date(0),
    });
    await s3.send(put);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "kept" }));
    expect(head).toMatchObject({ ...headers, Metadata, ExpiresString: "Thu, 01 Jan 1970 00:00:00 GMT" });

    const overridden = await s3.send(
      new GetObjectCommand({
        Bucket,
        Key: "kept",
        ResponseContentType: "text/csv",
        ResponseCacheControl: "no-store",
      }),
    );
    expect(overridden).toMatchObject({
      ContentType: "text/csv",
      CacheControl: "no-store",
      ContentLanguage: "pt-BR",
    });
    await overridden.Body?.transformToString();

    const tooMuch = new PutObjectCommand({
      Bucket,
      Key: "kept",
      Body: "x",
      Metadata: { k: "v".repeat(2048) },
    });
    expect(await failure(s3.send(tooMuch))).toEqual({ code: "MetadataTooLarge", status: 400 });
    // Nor in the other headers that are kept: an empty object would otherwise hold 60 KB that no quota counts.
    const hidden = new PutObjectCommand({ Bucket, Key: "kept", ContentDisposition: "v".repeat(2048) });
    expect(await failure(s3.send(hidden))).toEqual({ code: "MetadataTooLarge", status: 400 });
  });

  test("give back metadata in the bytes they got, and to this SDK the text that it meant", async () => {
    const put = (Body: string | Buffer, text: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key: "letters", Body, Metadata: { text } }));
    const head = async () =>
      (await s3.send(new HeadObjectCommand({ Bucket, Key: "letters" }))).Metadata?.text ?? "";
    const bytes = (text: string) => Buffer.from(text, "latin1").toString();
    // Node sends Latin-1 with this one, UTF-8 with the other.
    await put(Buffer.from("bytes"), "S\u00e3o");
    expect(await head()).toBe("S\u00e3o");
    await put("text", "S\u00e3o");
    expect(await head()).toBe("S\u00e3o");
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "letters" }));
    expect(bytes((await fetch(url)).headers.get("x-amz-meta-text") ?? "")).toBe("S\u00e3o");
  });

  test("come in ranges and under conditions", async () => {
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "digits", Body: "0123456789" }));
    const range = await s3.send(new GetObjectCommand({ Bucket, Key: "digits", Range: "bytes=2-4" }));
    expect(range.ContentRange).toBe("bytes 2-4/10");
    expect(range.$metadata.httpStatusCode).toBe(206);
    expect(await range.Body?.transformToString()).toBe("234");
    const beyond = new GetObjectCommand({ Bucket, Key: "digits", Range: "bytes=10-" });
    expect(await failure(s3.send(beyond))).toEqual({ code: "InvalidRange", status: 416 });
    const same = new GetObjectCommand({ Bucket, Key: "digits", IfNoneMatch: ETag });
    expect((await failure(s3.send(same))).status).toBe(304);
    const other = new GetObjectCommand({ Bucket, Key: "digits", IfMatch: '"other"' });
    expect(await failure(s3.send(other))).toEqual({ code: "PreconditionFailed", status: 412 });
  });

  test("are created once under If-None-Match, however many try at once", async () => {
    const attempts = Array.from({ length: 12 }, (_, i) =>
      failure(s3.send(new PutObjectCommand({ Bucket, Key: "once", Body: String(i), IfNoneMatch: "*" }))),
    );
    const outcomes = (await Promise.all(attempts)).map(({ code }) => code).sort();
    expect(outcomes).toEqual([...Array(11).fill("PreconditionFailed"), "no error"]);
  });

  test("are replaced under If-Match by one of many at once", async () => {
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "swap", Body: "old" }));
    const attempts = Array.from({ length: 8 }, (_, i) =>
      failure(s3.send(new PutObjectCommand({ Bucket, Key: "swap", Body: String(i), IfMatch: ETag }))),
    );
    const outcomes = (await Promise.all(attempts)).map(({ code }) => code);
    expect(outcomes.filter((code) => code === "no error")).toHaveLength(1);
    expect(
      await failure(s3.send(new PutObjectCommand({ Bucket, Key: "none", Body: "x", IfMatch: ETag }))),
    ).toEqual({
      code: "NoSuchKey",
      status: 404,
    });
  });

  test("are deleted, one and many, whether they are there or not", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "gone", Body: "x" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: "gone" })))).toEqual({
      code: "NoSuchKey",
      status: 404,
    });
    expect((await failure(s3.send(new HeadObjectCommand({ Bucket, Key: "gone" })))).status).toBe(404);

    const keys = ["many/ 1 ", "many/<&>'\"", "many/a\rb", "many/0010", "many/é😀"];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    const Objects = [...keys, "many/never"].map((Key) => ({ Key }));
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(Objects.map(({ Key }) => Key));
    expect(Errors).toBeUndefined();
    expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "many/" }))).KeyCount).toBe(0);
  });

  test("may have any key of at most 1,024 bytes", async () => {
    const keys = [
      "/",
      "//",
      "a//b",
      "a/../b",
      "+",
      "%2F",
      "a b",
      "é",
      "😀",
      "?q=1&r",
      "#",
      "a\tb",
      "é".repeat(512),
    ];
    for (const Key of keys) {
      await s3.send(new PutObjectCommand({ Bucket, Key: `any/${Key}`.slice(0, 512), Body: Key }));
      expect(await text(`any/${Key}`.slice(0, 512))).toBe(Key);
    }
    const tooLong = new PutObjectCommand({ Bucket, Key: "é".repeat(513), Body: "x" });
    expect(await failure(s3.send(tooLong))).toEqual({ code: "KeyTooLongError", status: 400 });
  });

  test("are overwritten at once by many, and one of them stays whole", async () => {
    const bodies = Array.from({ length: 16 }, (_, i) => Buffer.alloc(50_000 + i, i));
    const put = (Body: Buffer) => s3.send(new PutObjectCommand({ Bucket, Key: "contended", Body }));
    const reads = Promise.all(
      Array.from({ length: 16 }, async () => {
        const body = await s3.send(new GetObjectCommand({ Bucket, Key: "contended" })).catch(() => null);
        return body?.Body?.transformToByteArray();
      }),
    );
    await Promise.all([...bodies.map(put), reads]);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "contended" }));
    const body = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(bodies.some((candidate) => candidate.equals(body))).toBe(true);
  });
});

describe("listings", () => {
  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "listed" }));
    for (const Key of ["a.txt", "dir/1", "dir/2", "dir/sub/3", "z é+.txt"]) {
      await s3.send(new PutObjectCommand({ Bucket: "listed", Key, Body: Key }));
    }
  });

  test("version 2 pages through keys and common prefixes", async () => {
    const pages: string[][] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket: "listed", Delimiter: "/", MaxKeys: 1, ContinuationToken }),
      );
      expect(page.KeyCount).toBe(1);
      pages.push([
        ...(page.Contents ?? []).map(({ Key }) => `${Key}`),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => `${Prefix}`),
      ]);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(pages).toEqual([["a.txt"], ["dir/"], ["z é+.txt"]]);
  });

  test("start-after, owner and url encoding", async () => {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: "listed",
        StartAfter: "dir/2",
        FetchOwner: true,
        EncodingType: "url",
      }),
    );
    expect(page.Contents?.map(({ Key }) => Key)).toEqual(["dir/sub/3", "z%20%C3%A9%2B.txt"]);
    expect(page.Contents?.[0]?.Owner?.ID).toMatch(/\$owner$/);
    expect(page.StartAfter).toBe("dir/2");
  });

  test("version 1 pages by marker", async () => {
    const first = await s3.send(new ListObjectsCommand({ Bucket: "listed", Delimiter: "/", MaxKeys: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: "dir/" });
    const rest = await s3.send(
      new ListObjectsCommand({ Bucket: "listed", Delimiter: "/", Marker: first.NextMarker }),
    );
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(["z é+.txt"]);
    expect(rest.CommonPrefixes).toBeUndefined();
  });

  test("refuse what makes no sense", async () => {
    const list = (more: object) => failure(s3.send(new ListObjectsV2Command({ Bucket: "listed", ...more })));
    expect(await list({ MaxKeys: -1 })).toEqual({ code: "InvalidArgument", status: 400 });
    expect(await list({ ContinuationToken: "!" })).toEqual({ code: "InvalidArgument", status: 400 });
    expect(await list({ EncodingType: "base64" })).toEqual({ code: "InvalidArgument", status: 400 });
  });
});

describe("presigned URLs", () => {
  test("upload and download", async () => {
    const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: "pre signed" }), {
      expiresIn: 60,
    });
    expect((await fetch(put, { method: "PUT", body: "by url" })).status).toBe(200);
    const get = await getSignedUrl(
      s3,
      new GetObjectCommand({
        Bucket,
        Key: "pre signed",
        ResponseContentDisposition: "attachment; filename=é.txt",
      }),
    );
    const answer = await fetch(get);
    expect(await answer.text()).toBe("by url");
    expect(Buffer.from(answer.headers.get("content-disposition") ?? "", "latin1").toString()).toBe(
      "attachment; filename=é.txt",
    );
    expect((await fetch(get, { method: "HEAD" })).status).toBe(403);
    expect((await fetch(get.replace("pre%20signed", "once"))).status).toBe(403);
  });

  test("hold their metadata, and expire", async () => {
    const command = new PutObjectCommand({ Bucket, Key: "hoisted", Metadata: { cor: "azul" } });
    const put = await getSignedUrl(s3, command, { expiresIn: 60 });
    expect((await fetch(put, { method: "PUT", body: "x" })).status).toBe(200);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "hoisted" }))).Metadata).toEqual({
      cor: "azul",
    });

    const get = new GetObjectCommand({ Bucket, Key: "hoisted" });
    const expired = await getSignedUrl(s3, get, {
      expiresIn: 60,
      signingDate: new Date(Date.now() - 120_000),
    });
    const answer = await fetch(expired);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("Request has expired");
  });
});

async function text(Key: string): Promise<string | undefined> {
  return (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
}
