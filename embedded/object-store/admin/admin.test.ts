import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { admin, createTenant, createUser, failure, iam, newKeyPair, s3Client, send } from "../testing.ts";

let store: TestObjectStore;

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
});

afterAll(() => store?.stop());

test("only the administrator may, whatever the call", async () => {
  const { key } = await createTenant(store);
  for (const path of ["/admin/user", "/admin/usage", "/admin/bucket", "/admin/nothing"]) {
    const answer = await send(store, key, { method: "GET", path, query: { uid: "x" } });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({ Code: "AccessDenied" });
  }
  const form = { Action: "PutUserPolicy", UserName: "x", PolicyName: "p", PolicyDocument: "{}" };
  const policy = await send(store, key, {
    method: "POST",
    path: "/",
    body: new URLSearchParams(form).toString(),
    service: "iam",
  });
  expect(policy.status).toBe(403);
});

test("the administrator's body is part of what it signed", async () => {
  const { uid } = await createTenant(store);
  const form = { UserName: uid, PolicyName: "p", PolicyDocument: "{}" };
  const forged = await send(store, store.adminKey, {
    method: "POST",
    path: "/",
    service: "iam",
    headers: { "x-amz-content-sha256": "0".repeat(64) },
    body: new URLSearchParams({ Action: "PutUserPolicy", ...form }).toString(),
  });
  expect([forged.status, forged.text]).toEqual([400, expect.stringContaining("XAmzContentSHA256Mismatch")]);
});

test("the store names itself, so that a driver knows it from a gateway", async () => {
  const { status, json } = await admin(store, "GET", "/info");
  expect([status, json]).toEqual([200, { info: { storage_backends: [{ name: "balde" }] } }]);
});

test("what does not exist is refused", async () => {
  expect((await admin(store, "GET", "/zone")).status).toBe(405);
  expect((await admin(store, "PATCH", "/user", { uid: "x" })).status).toBe(405);
  for (const subresource of ["caps", "subuser"]) {
    expect(
      (await admin(store, "PUT", "/user", { uid: "x", "display-name": "x", [subresource]: "" })).status,
    ).toBe(501);
  }
  expect((await iam(store, "CreateUser", { UserName: "x" })).status).toBe(405);
});

describe("users", () => {
  test("are created once, with the key that was given or one of the store's", async () => {
    const uid = "t1$padaria";
    const key = await createUser(store, uid, { "max-buckets": "7", email: "a@b.example" });
    const { json } = await admin(store, "GET", "/user", { uid });
    expect(json).toMatchObject({
      tenant: "t1",
      user_id: "padaria",
      display_name: uid,
      suspended: 0,
      max_buckets: 7,
      keys: [{ user: uid, access_key: key.accessKeyId, secret_key: key.secretAccessKey }],
      user_quota: { enabled: false, max_size: -1, max_objects: -1 },
    });
    expect((await admin(store, "GET", "/user", { "access-key": key.accessKeyId })).json).toEqual(json);

    const again = await admin(store, "PUT", "/user", { uid, "display-name": "other" });
    expect([again.status, again.json.Code]).toEqual([409, "UserAlreadyExists"]);
    const generated = await admin(store, "PUT", "/user", { uid: "t1$other", "display-name": "x" });
    expect(generated.json.keys[0].access_key).toMatch(/^[A-Z2-7]{20}$/);
    expect(generated.json.keys[0].secret_key).toHaveLength(40);
    const keyless = await admin(store, "PUT", "/user", {
      uid: "t1$none",
      "display-name": "x",
      "generate-key": "false",
    });
    expect(keyless.json.keys).toEqual([]);
  });

  test("with a key that is another's leave nothing behind", async () => {
    const { key } = await createTenant(store);
    const query = {
      uid: "t2$x",
      "display-name": "x",
      "access-key": key.accessKeyId,
      "secret-key": "s".repeat(40),
    };
    const { status, json } = await admin(store, "PUT", "/user", query);
    expect([status, json.Code]).toEqual([409, "KeyExists"]);
    expect((await admin(store, "GET", "/user", { uid: "t2$x" })).status).toBe(404);
  });

  test("are modified in what is given only", async () => {
    const { uid, key } = await createTenant(store);
    const modified = await admin(store, "POST", "/user", {
      uid,
      "display-name": "Padaria São João",
      "max-buckets": "-1",
    });
    expect(modified.json).toMatchObject({ display_name: "Padaria São João", max_buckets: -1, suspended: 0 });
    await admin(store, "POST", "/user", { uid, suspended: "true" });
    expect((await admin(store, "GET", "/user", { uid })).json).toMatchObject({
      max_buckets: -1,
      suspended: 1,
    });
    expect(await failure(s3Client(store, key).send(new ListBucketsCommand({})))).toMatchObject({
      code: "UserSuspended",
    });
  });

  test("are listed in pages", async () => {
    for (const name of ["a", "b", "c"]) await createUser(store, `paged$${name}`);
    const first = await admin(store, "GET", "/user", { list: "", "max-entries": "2", marker: "paged$" });
    expect(first.json).toEqual({
      keys: ["paged$a", "paged$b"],
      truncated: true,
      count: 2,
      marker: "paged$b",
    });
    const rest = await admin(store, "GET", "/metadata/user", { marker: "paged$b", "max-entries": "1" });
    expect(rest.json.keys).toEqual(["paged$c"]);
  });

  test("are removed with their data only if that is asked for", async () => {
    const { uid, key } = await createTenant(store);
    const s3 = s3Client(store, key);
    await s3.send(new CreateBucketCommand({ Bucket: "purged" }));
    await s3.send(new PutObjectCommand({ Bucket: "purged", Key: "k", Body: "x" }));
    const refused = await admin(store, "DELETE", "/user", { uid });
    expect([refused.status, refused.json.Code]).toEqual([409, "BucketAlreadyExists"]);
    expect((await admin(store, "DELETE", "/user", { uid, "purge-data": "true" })).status).toBe(200);
    expect((await admin(store, "DELETE", "/user", { uid })).json.Code).toBe("NoSuchUser");
    expect((await failure(s3.send(new ListBucketsCommand({})))).code).toBe("InvalidAccessKeyId");
  });

  test("may create as many buckets as they may, at once too", async () => {
    const key = await createUser(store, "limited$owner", { "max-buckets": "3" });
    const s3 = s3Client(store, key);
    const attempts = Array.from({ length: 8 }, (_, i) =>
      failure(s3.send(new CreateBucketCommand({ Bucket: `limited-${i}` }))),
    );
    const codes = (await Promise.all(attempts)).map(({ code }) => code);
    expect(codes.filter((code) => code === "no error")).toHaveLength(3);
    expect(codes.filter((code) => code === "TooManyBuckets")).toHaveLength(5);
  });

  test.each<Record<string, string>>([
    {},
    { uid: "" },
    { uid: "x" },
    { uid: "a$b$c", "display-name": "x" },
    { uid: "a b$c", "display-name": "x" },
  ])("need a proper uid and name: %j", async (query) => {
    expect((await admin(store, "PUT", "/user", query)).json.Code).toBe("InvalidArgument");
  });
});

describe("keys", () => {
  test("are added, given another secret, and removed", async () => {
    const { uid, key } = await createTenant(store);
    const second = newKeyPair();
    const put = (pair: typeof second) =>
      admin(store, "PUT", "/user", {
        key: "",
        uid,
        "access-key": pair.accessKeyId,
        "secret-key": pair.secretAccessKey,
      });
    const ids = (await put(second)).json.map(({ access_key }: { access_key: string }) => access_key);
    expect(ids).toEqual([key.accessKeyId, second.accessKeyId].sort());

    const renewed = { ...second, secretAccessKey: newKeyPair().secretAccessKey };
    await put(renewed);
    expect((await failure(s3Client(store, second).send(new ListBucketsCommand({})))).code).toBe(
      "SignatureDoesNotMatch",
    );
    expect((await failure(s3Client(store, renewed).send(new ListBucketsCommand({})))).code).toBe("no error");

    const other = await createTenant(store);
    const stolen = await put(other.key);
    expect([stolen.status, stolen.json.Code]).toEqual([409, "KeyExists"]);

    const remove = { key: "", "access-key": second.accessKeyId };
    const foreign = await admin(store, "DELETE", "/user", { ...remove, uid: other.uid });
    expect([foreign.status, foreign.json.Code]).toEqual([403, "InvalidAccessKeyId"]);
    expect((await admin(store, "DELETE", "/user", remove)).status).toBe(200);
    expect((await admin(store, "DELETE", "/user", remove)).status).toBe(403);
  });

  test("expire by themselves, as if they had been removed", async () => {
    const { uid } = await createTenant(store);
    const pair = newKeyPair();
    const put = (expiry: Record<string, string>) =>
      admin(store, "PUT", "/user", {
        key: "",
        uid,
        "access-key": pair.accessKeyId,
        "secret-key": pair.secretAccessKey,
        ...expiry,
      });
    const list = async () => (await failure(s3Client(store, pair).send(new ListBucketsCommand({})))).code;
    const own = (json: { access_key: string }[]) =>
      json.find(({ access_key }) => access_key === pair.accessKeyId);

    const { json } = await put({ "expires-at": "2099-12-31T21:00:00-03:00" });
    expect(own(json)).toMatchObject({ expires_at: "2100-01-01T00:00:00.000Z" });
    expect(await list()).toBe("no error");
    // What is not given stays as it is.
    expect(own((await put({})).json)).toMatchObject({ expires_at: "2100-01-01T00:00:00.000Z" });

    const soon = new Date(Date.now() + 1_000).toISOString();
    await put({ "expires-at": soon });
    expect(await list()).toBe("no error");
    await expect.poll(list, { timeout: 5_000 }).toBe("InvalidAccessKeyId");
    expect((await admin(store, "GET", "/user", { uid })).json.keys).toHaveLength(2);

    expect(own((await put({ "expires-at": "" })).json)).not.toHaveProperty("expires_at");
    expect(await list()).toBe("no error");
    for (const malformed of ["tomorrow", "2099-12-31", "2099-12-31T00:00:00"]) {
      expect((await put({ "expires-at": malformed })).status).toBe(400);
    }
  });

  test("of a new user may expire as well", async () => {
    const uid = `${(await createTenant(store)).tenant}$temporary`;
    const pair = await createUser(store, uid, { "expires-at": "2020-01-01T00:00:00Z" });
    const list = s3Client(store, pair).send(new ListBucketsCommand({}));
    expect(await failure(list)).toEqual({ code: "InvalidAccessKeyId", status: 403 });
  });

  test("of the administrator are left alone", async () => {
    const remove = { key: "", "access-key": store.adminKey.accessKeyId };
    expect((await admin(store, "DELETE", "/user", remove)).status).toBe(403);
    expect((await admin(store, "DELETE", "/user", { uid: "admin" })).status).toBe(400);
    expect((await admin(store, "GET", "/user", { list: "" })).status).toBe(200);
  });
});

describe("quotas", () => {
  test("of a user are kept field by field", async () => {
    const { uid } = await createTenant(store);
    const query = { quota: "", uid, "quota-type": "user" };
    await admin(store, "PUT", "/user", {
      ...query,
      "max-size-kb": "10",
      "max-objects": "5",
      enabled: "true",
    });
    expect((await admin(store, "GET", "/user", query)).json).toEqual({
      enabled: true,
      check_on_raw: false,
      max_size: 10_240,
      max_size_kb: 10,
      max_objects: 5,
    });
    await admin(store, "PUT", "/user", { ...query, "max-size": "-1" });
    const both = (await admin(store, "GET", "/user", { quota: "", uid })).json;
    expect(both.user_quota).toMatchObject({ enabled: true, max_size: -1, max_objects: 5 });
    expect(both.bucket_quota).toMatchObject({ enabled: false });
    expect((await admin(store, "PUT", "/user", { ...query, "quota-type": "all" })).status).toBe(400);
    expect((await admin(store, "PUT", "/user", { ...query, "max-size": "much" })).status).toBe(400);
  });
});

describe("buckets", () => {
  test("are shown by user or by name, with and without what they hold", async () => {
    const { uid, tenant, key } = await createTenant(store);
    const s3 = s3Client(store, key);
    for (const Bucket of ["bbb", "aaa"]) await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket: "bbb", Key: "k", Body: Buffer.alloc(1500) }));
    expect((await admin(store, "GET", "/bucket", { uid })).json).toEqual(["aaa", "bbb"]);
    const [empty, full] = (await admin(store, "GET", "/bucket", { uid, stats: "true" })).json;
    expect(empty).toMatchObject({ bucket: "aaa", tenant, owner: uid, usage: {} });
    expect(full.usage["rgw.main"]).toMatchObject({ size: 1500, num_objects: 1, size_kb: 2 });
    expect((await admin(store, "GET", "/bucket", { bucket: `${tenant}/bbb`, stats: "true" })).json).toEqual(
      full,
    );
    expect((await admin(store, "GET", "/bucket", { bucket: "bbb" })).json.Code).toBe("NoSuchBucket");
    expect((await admin(store, "GET", "/bucket", { uid: "nobody" })).json).toEqual([]);
  });
});

describe("user policies", () => {
  const document = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::<b>&/*" }],
  });

  test("are put, got letter by letter, listed and deleted", async () => {
    const { uid } = await createTenant(store);
    const named = { UserName: uid, PolicyName: "reader" };
    const put = await iam(store, "PutUserPolicy", { ...named, PolicyDocument: document });
    expect(put.status).toBe(200);
    expect(put.text).toMatch(/<PutUserPolicyResponse .*<ResponseMetadata><RequestId>\w+<\/RequestId>/);
    const escaped = document
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;");
    expect((await iam(store, "GetUserPolicy", named)).text).toContain(
      `<PolicyDocument>${escaped}</PolicyDocument>`,
    );
    expect((await iam(store, "ListUserPolicies", named)).text).toContain("<member>reader</member>");
    expect((await iam(store, "DeleteUserPolicy", named)).status).toBe(200);
    for (const action of ["GetUserPolicy", "DeleteUserPolicy"]) {
      expect(await iam(store, action, named)).toMatchObject({
        status: 404,
        text: expect.stringContaining("NoSuchEntity"),
      });
    }
  });

  test("that would not be evaluated as they say are refused and change nothing", async () => {
    const { uid } = await createTenant(store);
    const named = { UserName: uid, PolicyName: "p" };
    await iam(store, "PutUserPolicy", { ...named, PolicyDocument: document });
    const conditional = document.replace(
      '"Effect"',
      '"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}},"Effect"',
    );
    for (const PolicyDocument of [conditional, "{", "[]"]) {
      const answer = await iam(store, "PutUserPolicy", { ...named, PolicyDocument });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("MalformedPolicyDocument")]);
    }
    expect((await iam(store, "GetUserPolicy", named)).status).toBe(200);
    const nobody = { UserName: "nobody", PolicyName: "p", PolicyDocument: document };
    expect((await iam(store, "PutUserPolicy", nobody)).status).toBe(404);
  });
});

test("no secret is written to the log", async () => {
  const { uid, key } = await createTenant(store);
  await admin(store, "GET", "/user", { uid });
  await s3Client(store, key).send(new ListBucketsCommand({}));
  expect(store.output()).toContain("ListBuckets");
  for (const secret of [key.secretAccessKey, store.adminKey.secretAccessKey])
    expect(store.output()).not.toContain(secret);
});
