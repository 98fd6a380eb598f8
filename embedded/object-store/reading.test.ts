import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { createTenant, createUser, failure, type KeyPair, putPolicy, s3Client, send } from "./testing.ts";

// What a GET or HEAD of an object answers. Source: GetObject and HeadObject, Amazon S3 API reference; RFC 9110, 13
// and 14.

let store: TestObjectStore;
let owner: { tenant: string; key: KeyPair };
let s3: S3Client;
const Bucket = "read";
const TEN = "0123456789";
let etag: string;

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  owner = await createTenant(store);
  s3 = s3Client(store, owner.key);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "empty", Body: "" }));
  // In its row, and in a file.
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  await put("large", TEN.repeat(10_000));
  ({ ETag: etag = "" } = await put("small", TEN));
});

afterAll(() => store?.stop());

const get = (
  key: string,
  {
    query,
    headers,
    method = "GET",
  }: { query?: Record<string, string>; headers?: Record<string, string>; method?: string },
) =>
  send(store, owner.key, {
    method,
    path: `/${Bucket}/${key}`,
    ...(query ? { query } : {}),
    ...(headers ? { headers } : {}),
  });

describe("ranges", () => {
  test.each<[string, string, string, string]>([
    ["small", "bytes=0-0", "bytes 0-0/10", "0"],
    ["small", "bytes=7-", "bytes 7-9/10", "789"],
    ["small", "bytes=-2", "bytes 8-9/10", "89"],
    ["small", "bytes=-20", "bytes 0-9/10", TEN],
    ["small", "bytes=5-99", "bytes 5-9/10", "56789"],
    ["large", "bytes=99998-", "bytes 99998-99999/100000", "89"],
    ["large", "bytes=65534-65537", "bytes 65534-65537/100000", "4567"],
  ])("%s, %s", async (key, range, contentRange, text) => {
    for (const method of ["GET", "HEAD"]) {
      const answer = await get(key, { method, headers: { range, "x-amz-checksum-mode": "ENABLED" } });
      expect(answer.status).toBe(206);
      expect(answer.headers.get("content-range")).toBe(contentRange);
      expect(answer.headers.get("content-length")).toBe(String(text.length));
      // A client would compare the checksum of the whole with the part that it got.
      expect(answer.headers.get("x-amz-checksum-crc32")).toBeNull();
      if (method === "GET") expect(answer.text).toBe(text);
    }
  });

  test.each(["bytes=0-1,3-4", "bytes=5-2", "lines=1-2", "bytes=", "bytes=a-b"])(
    "%s is ignored",
    async (range) => {
      const answer = await get("small", { headers: { range } });
      expect([answer.status, answer.text]).toEqual([200, TEN]);
    },
  );

  test.each([
    ["small", "bytes=10-"],
    ["small", "bytes=-0"],
    ["empty", "bytes=0-"],
    ["empty", "bytes=-5"],
  ])("%s has nothing of %s", async (key, range) => {
    const answer = await get(key, { headers: { range } });
    expect(answer.status).toBe(416);
    expect(answer.text).toContain("<Code>InvalidRange</Code>");
    expect(answer.headers.get("content-range")).toMatch(/^bytes \*\/\d+$/);
  });

  test("count under If-Range only while the object is the same", async () => {
    const range = "bytes=2-3";
    const same = await get("small", { headers: { range, "if-range": etag } });
    expect([same.status, same.text]).toEqual([206, "23"]);
    const other = await get("small", { headers: { range, "if-range": '"other"' } });
    expect([other.status, other.text]).toEqual([200, TEN]);
  });
});

describe("the parts of an object that was uploaded at once", () => {
  test("are one", async () => {
    const answer = await get("small", {
      query: { partNumber: "1" },
      headers: { "x-amz-checksum-mode": "ENABLED" },
    });
    expect([answer.status, answer.text]).toEqual([206, TEN]);
    expect(answer.headers.get("content-range")).toBe("bytes 0-9/10");
    expect(answer.headers.get("x-amz-mp-parts-count")).toBeNull();
    expect(answer.headers.get("x-amz-checksum-crc32")).not.toBeNull();
    expect((await get("empty", { query: { partNumber: "1" } })).status).toBe(200);
  });

  test.each<[string, Record<string, string>, string]>([
    ["2", {}, "InvalidPart"],
    ["0", {}, "InvalidArgument"],
    ["10001", {}, "InvalidArgument"],
    ["one", {}, "InvalidArgument"],
    ["1", { range: "bytes=0-1" }, "InvalidRequest"],
  ])("number %s with %j is refused", async (partNumber, headers, code) => {
    const answer = await get("small", { query: { partNumber }, headers });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
  });
});

describe("conditions", () => {
  const [before, after] = ["Sat, 31 Jan 1970 12:00:00 GMT", "Fri, 31 Jan 2150 12:00:00 GMT"];

  test.each<[() => Record<string, string>, number]>([
    [() => ({ "if-match": etag }), 200],
    [() => ({ "if-match": '"other"' }), 412],
    [() => ({ "if-none-match": etag }), 304],
    [() => ({ "if-modified-since": before }), 200],
    [() => ({ "if-modified-since": after }), 304],
    [() => ({ "if-unmodified-since": before }), 412],
    [() => ({ "if-unmodified-since": after }), 200],
    [() => ({ "if-match": etag, "if-unmodified-since": before }), 200],
  ])("%s answers %i", async (headers, status) => {
    for (const method of ["GET", "HEAD"]) {
      const answer = await get("small", { method, headers: headers() });
      expect(answer.status).toBe(status);
      if (status === 304) expect([answer.headers.get("etag"), answer.text]).toEqual([etag, ""]);
    }
  });
});

test("headers of the answer are what the request asks for", async () => {
  const overrides = {
    "response-cache-control": "no-store",
    "response-content-disposition": "attachment; filename=é.txt",
    "response-content-encoding": "gzip",
    "response-content-language": "pt-BR",
    "response-content-type": "text/csv",
    "response-expires": "Thu, 01 Dec 1994 16:00:00 GMT",
  };
  const answer = await get("small", { method: "HEAD", query: overrides });
  for (const [name, value] of Object.entries(overrides)) {
    const sent = answer.headers.get(name.slice("response-".length)) ?? "";
    expect(Buffer.from(sent, "latin1").toString("utf8")).toBe(value);
  }
  const smuggled = await get("small", { query: { "response-content-type": "a\r\nset-cookie: b" } });
  expect([smuggled.status, smuggled.headers.get("set-cookie")]).toEqual([400, null]);
});

test("the number of tags is told to who may read them", async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: "tagged", Body: "x", Tagging: "a=1&b=2" }));
  const counts = async (client: S3Client) =>
    (await client.send(new GetObjectCommand({ Bucket, Key: "tagged" }))).TagCount;
  expect(await counts(s3)).toBe(2);
  const uid = `${owner.tenant}$reader`;
  const reader = s3Client(store, await createUser(store, uid));
  await putPolicy(store, uid, [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }]);
  expect(await counts(reader)).toBeUndefined();
});

test("a key that is not there is told only to who may list the bucket", async () => {
  const uid = `${owner.tenant}$blind`;
  const blind = s3Client(store, await createUser(store, uid));
  await putPolicy(store, uid, [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }]);
  const missing = new GetObjectCommand({ Bucket, Key: "missing" });
  expect(await failure(blind.send(missing))).toEqual({ code: "AccessDenied", status: 403 });
  const answer = await get("missing", {});
  expect([answer.status, answer.headers.get("x-amz-delete-marker")]).toEqual([404, "false"]);
});
