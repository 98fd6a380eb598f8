import {
  CreateBucketCommand,
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { matchRule } from "./cors.ts";
import { createTenant, failure, type KeyPair, newKeyPair, s3Client, send } from "./testing.ts";

let store: TestObjectStore;
let s3: S3Client;
let key: KeyPair;
let count = 0;

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  ({ key } = await createTenant(store));
  s3 = s3Client(store, key);
});

afterAll(() => store?.stop());

const APP = "https://app.example";
const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
const uploads = {
  ID: "uploads",
  AllowedOrigins: [APP, "https://*.dev.example"],
  AllowedMethods: ["PUT", "GET", "HEAD"],
  AllowedHeaders: ["content-*", "X-Amz-Meta-Name"],
  ExposeHeaders: ["ETag", "x-amz-version-id"],
  MaxAgeSeconds: 600,
};

async function newBucket(rules: object[] = [uploads], client = s3): Promise<string> {
  const Bucket = `bucket-${++count}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  const CORSRules = rules as (typeof uploads)[];
  if (rules.length > 0) {
    await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  }
  return Bucket;
}

/** What a browser sends ahead of a request. */
async function preflight(address: string, method: string | null, origin: string | null, headers?: string) {
  const answer = await fetch(address.startsWith("http") ? address : store.endpoint + address, {
    method: "OPTIONS",
    headers: {
      ...(origin === null ? {} : { origin }),
      ...(method === null ? {} : { "access-control-request-method": method }),
      ...(headers === undefined ? {} : { "access-control-request-headers": headers }),
    },
  });
  return { status: answer.status, code: codeOf(await answer.text()), headers: corsHeadersOf(answer) };
}

const codeOf = (text: string) => /<Code>(\w+)</.exec(text)?.[1];

function corsHeadersOf({ headers }: { headers: Headers }) {
  const names = [...headers.keys()].filter((name) => name.startsWith("access-control-"));
  return Object.fromEntries(names.map((name) => [name.slice("access-control-".length), headers.get(name)]));
}

/** What the answer to a request of this page's origin tells the browser. */
const allowed = {
  "allow-origin": APP,
  "allow-methods": "PUT, GET, HEAD",
  "allow-credentials": "true",
  "expose-headers": "ETag, x-amz-version-id",
  "max-age": "600",
};

describe("the configuration", () => {
  test("comes back as it was put, and can be deleted", async () => {
    const Bucket = await newBucket([]);
    const get = () => s3.send(new GetBucketCorsCommand({ Bucket }));
    const none = { code: "NoSuchCORSConfiguration", status: 404 };
    expect(await failure(get())).toEqual(none);
    const CORSRules = [uploads, { AllowedOrigins: ["*"], AllowedMethods: ["GET"] }];
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect((await get()).CORSRules).toEqual(CORSRules);
    await s3.send(new DeleteBucketCorsCommand({ Bucket }));
    await s3.send(new DeleteBucketCorsCommand({ Bucket }));
    expect(await failure(get())).toEqual(none);
  });

  const rule = { AllowedOrigins: ["*"], AllowedMethods: ["GET"] };
  test.each<[string, object[], string]>([
    ["101 rules", Array(101).fill(rule), "InvalidRequest"],
    ["no rule", [], "MalformedXML"],
    ["no origin", [{ AllowedMethods: ["GET"] }], "MalformedXML"],
    ["no method", [{ AllowedOrigins: ["*"] }], "MalformedXML"],
    ["a method that S3 has not", [{ ...rule, AllowedMethods: ["PATCH"] }], "InvalidRequest"],
    ["a method in small letters", [{ ...rule, AllowedMethods: ["get"] }], "InvalidRequest"],
    ["two wildcards in an origin", [{ ...rule, AllowedOrigins: ["*a*"] }], "InvalidRequest"],
    ["two wildcards in a header", [{ ...rule, AllowedHeaders: ["x-*-*"] }], "InvalidRequest"],
    ["a wildcard in what is exposed", [{ ...rule, ExposeHeaders: ["x-amz-*"] }], "InvalidRequest"],
    ["a header that is none", [{ ...rule, ExposeHeaders: ["a\nb"] }], "InvalidRequest"],
    ["an ID of 256 characters", [{ ...rule, ID: "i".repeat(256) }], "InvalidRequest"],
    ["a negative age", [{ ...rule, MaxAgeSeconds: -1 }], "MalformedXML"],
  ])("is refused with %s", async (_, rules, code) => {
    const Bucket = await newBucket([]);
    const CORSRules = rules as (typeof uploads)[];
    const call = s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect(await failure(call)).toEqual({ code, status: 400 });
    expect((await failure(s3.send(new GetBucketCorsCommand({ Bucket })))).code).toBe(
      "NoSuchCORSConfiguration",
    );
  });

  test.each(["", "<Other/>", "<CORSRule/>", "<Origin>\0</Origin>", "<Origin><Inner/></Origin>"])(
    "is refused with the content %j",
    async (content) => {
      const rule = content.replaceAll("Origin", "AllowedOrigin");
      const body = `<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod>${rule}</CORSRule></CORSConfiguration>`;
      const path = `/${await newBucket([])}`;
      const answer = await send(store, key, { method: "PUT", path, query: { cors: "" }, body });
      expect([answer.status, codeOf(answer.text)]).toEqual([400, "MalformedXML"]);
    },
  );
});

describe("a rule", () => {
  const rule = { allowedMethods: ["GET"], allowedHeaders: ["x-a*", "B"], exposeHeaders: [] };
  test.each<[string, string, string, string[], boolean]>([
    ["https://a.example", "https://a.example", "GET", [], true],
    ["https://a.example", "https://a.example:8443", "GET", [], false],
    ["https://a.example", "HTTPS://A.example", "GET", [], false],
    ["https://a.example", "https://a.example", "PUT", [], false],
    ["https://*.example", "https://a.b.example", "GET", [], true],
    ["https://*.example", "https://.exampl", "GET", [], false],
    ["a*a", "a", "GET", [], false],
    ["a*a", "aa", "GET", [], true],
    ["a?a", "aba", "GET", [], false],
    ["*", "null", "GET", ["x-a", "x-abc", "b"], true],
    ["*", "null", "GET", ["x-a", "c"], false],
  ])("of %s for %s %s %j: %s", (pattern, origin, method, headers, fits) => {
    const rules = [{ ...rule, allowedOrigins: [pattern] }];
    expect(matchRule(rules, { origin, method, headers }) !== undefined).toBe(fits);
  });
});

describe("a preflight", () => {
  const presign = (Bucket: string, client = s3) =>
    getSignedUrl(client, new PutObjectCommand({ Bucket, Key: "a/ç +.txt" }), { expiresIn: 60 });

  test("of a presigned upload is answered by the rule of the bucket", async () => {
    const url = await presign(await newBucket());
    expect(await preflight(url, "PUT", APP, "Content-Type,x-amz-meta-name")).toEqual({
      status: 200,
      code: undefined,
      headers: { ...allowed, "allow-headers": "content-type, x-amz-meta-name" },
    });
    expect((await preflight(url, "PUT", "https://pr-7.dev.example")).headers).toMatchObject({
      "allow-origin": "https://pr-7.dev.example",
    });
  });

  test("is refused where origin, method or headers are not allowed, with nothing about why", async () => {
    const bucket = await newBucket();
    const url = await presign(bucket);
    const refusals = [
      await preflight(url, "PUT", "https://elsewhere.example"),
      await preflight(url, "DELETE", APP),
      await preflight(url, "PUT", APP, "content-type, authorization"),
      await preflight(await presign(await newBucket([])), "PUT", APP),
      await preflight(url.replace(bucket, "no-such-bucket"), "PUT", APP),
    ];
    for (const refusal of refusals) {
      expect(refusal).toEqual({ status: 403, code: "AccessForbidden", headers: {} });
    }
  });

  test("needs an origin and a method that S3 has", async () => {
    const path = `/${await newBucket()}/k`;
    const bad = { status: 400, code: "BadRequest", headers: {} };
    expect(await preflight(path, null, null)).toEqual(bad);
    expect(await preflight(path, "PUT", null)).toEqual(bad);
    expect(await preflight(path, null, APP)).toEqual(bad);
    expect(await preflight(path, "PATCH", APP)).toEqual(bad);
  });

  test("of anyone's origin", async () => {
    const bucket = await newBucket([{ AllowedOrigins: ["*"], AllowedMethods: ["GET"] }]);
    const { status, headers } = await preflight(await presign(bucket), "GET", APP);
    expect([status, headers]).toEqual([200, { "allow-origin": "*", "allow-methods": "GET" }]);
  });

  test("asks the bucket of the tenant that the URL's key is of, and no other of that name", async () => {
    const bucket = await newBucket();
    const other = s3Client(store, (await createTenant(store)).key);
    await other.send(new CreateBucketCommand({ Bucket: bucket }));
    const url = await presign(bucket, other);
    expect((await preflight(url, "PUT", APP)).status).toBe(403);
    expect((await preflight(await presign(bucket), "PUT", APP)).status).toBe(200);
  });

  test("without a key is let in by any bucket of that name, and told no more than it asked", async () => {
    const bucket = await newBucket();
    const other = s3Client(store, (await createTenant(store)).key);
    await other.send(new CreateBucketCommand({ Bucket: bucket }));
    const { status, headers } = await preflight(`/${bucket}/k`, "PUT", APP, "content-type");
    expect([status, headers]).toEqual([
      200,
      {
        "allow-origin": APP,
        "allow-methods": "PUT",
        "allow-headers": "content-type",
        "allow-credentials": "true",
      },
    ]);
    for (const path of [`/${bucket}/k`, "/no-such-bucket/k", "/", "/admin/user"]) {
      expect((await preflight(path, "PUT", "https://elsewhere.example")).status).toBe(403);
    }
  });

  test("finds the one among many buckets of that name", async () => {
    const Bucket = `shared-${++count}`;
    for (let index = 0; index < 60; index++) {
      const client = s3Client(store, (await createTenant(store)).key);
      await client.send(new CreateBucketCommand({ Bucket }));
      const rule = { AllowedOrigins: [`https://${index}.example`], AllowedMethods: ["GET"] };
      await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
    }
    expect((await preflight(`/${Bucket}`, "GET", "https://59.example")).status).toBe(200);
    expect((await preflight(`/${Bucket}`, "GET", "https://60.example")).status).toBe(403);
  });
});

describe("an answer to a request with an origin", () => {
  /** A request that was presigned for another time, or with another key, and is sent from a page. */
  async function get(Bucket: string, Key: string, more: { origin?: string; client?: S3Client } = {}) {
    const url = await getSignedUrl(more.client ?? s3, new GetObjectCommand({ Bucket, Key }), {
      expiresIn: 60,
    });
    const answer = await fetch(url, { headers: more.origin === undefined ? {} : { origin: more.origin } });
    await answer.arrayBuffer();
    return { status: answer.status, headers: corsHeadersOf(answer), vary: answer.headers.get("vary") };
  }

  test("carries the headers, whatever its status", async () => {
    const bucket = await newBucket();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
    const readable = { headers: allowed, vary: VARY };
    expect(await get(bucket, "k", { origin: APP })).toEqual({ status: 200, ...readable });
    expect(await get(bucket, "none", { origin: APP })).toEqual({ status: 404, ...readable });
    const forger = s3Client(store, { ...key, secretAccessKey: "guess" });
    expect(await get(bucket, "k", { origin: APP, client: forger })).toEqual({ status: 403, ...readable });

    const answer = await fetch(`${store.endpoint}/${bucket}/k`, { headers: { origin: APP } });
    expect([answer.status, corsHeadersOf(answer)]).toMatchObject([403, { "allow-origin": APP }]);
  });

  test("carries none for an origin, method or bucket without a rule, and is never cached for another", async () => {
    const bucket = await newBucket();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
    expect(await get(bucket, "k", { origin: "https://elsewhere.example" })).toEqual({
      status: 200,
      headers: {},
      vary: VARY,
    });
    expect(await get(bucket, "k")).toEqual({ status: 200, headers: {}, vary: VARY });
    const deletion = await send(store, key, {
      method: "DELETE",
      path: `/${bucket}/k`,
      headers: { origin: APP },
    });
    expect([deletion.status, corsHeadersOf(deletion)]).toEqual([204, {}]);
    expect(await get("no-such-bucket", "k", { origin: APP })).toEqual({
      status: 404,
      headers: {},
      vary: VARY,
    });
    const plain = await newBucket([]);
    expect(await get(plain, "k")).toEqual({ status: 404, headers: {}, vary: null });
  });

  test("carries those of its own bucket only", async () => {
    const bucket = await newBucket();
    const other = s3Client(store, (await createTenant(store)).key);
    await other.send(new CreateBucketCommand({ Bucket: bucket }));
    expect((await get(bucket, "k", { origin: APP, client: other })).headers).toEqual({});
    // An unknown key is of no tenant.
    const stranger = s3Client(store, newKeyPair());
    const { status, headers } = await get(bucket, "k", { origin: APP, client: stranger });
    expect([status, headers["allow-origin"], headers["expose-headers"]]).toEqual([403, APP, undefined]);
  });

  test("of a signed header finds its tenant as well", async () => {
    const bucket = await newBucket();
    const answer = await send(store, key, { method: "GET", path: `/${bucket}`, headers: { origin: APP } });
    expect([answer.status, corsHeadersOf(answer)]).toEqual([200, allowed]);
  });
});
