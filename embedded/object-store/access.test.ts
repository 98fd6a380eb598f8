import { createHash } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import {
  admin,
  createTenant,
  createUser,
  failure,
  newKeyPair,
  putPolicy,
  s3Client,
  send,
} from "./testing.ts";

let store: TestObjectStore;

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
});

afterAll(() => store?.stop());

const denied = { code: "AccessDenied", status: 403 };

/** A tenant with a bucket that holds `k`, and one more user of it with the given policy. */
async function newTenant(bucket: string, statements?: unknown) {
  const owner = await createTenant(store);
  const s3 = s3Client(store, owner.key);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
  const user = `${owner.tenant}$key1`;
  const userKey = await createUser(store, user, { "max-buckets": "-1" });
  if (statements) expect(await putPolicy(store, user, statements)).toMatchObject({ status: 200 });
  return { ...owner, s3, scoped: s3Client(store, userKey) };
}

describe("who a request comes from", () => {
  test("nobody: AccessDenied, as S3's XML", async () => {
    for (const path of ["/", "/b", "/b/k", "/b/k?acl", "/admin/user?list"]) {
      const answer = await fetch(store.endpoint + path);
      expect(answer.status).toBe(403);
      const body = await answer.text();
      expect(body).toContain("AccessDenied");
      expect(body).toContain(answer.headers.get("x-amz-request-id") ?? "no id");
    }
    const head = await fetch(`${store.endpoint}/b/k`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([403, ""]);
  });

  test("an unknown key, a removed key, a wrong secret", async () => {
    const list = (key: Parameters<typeof s3Client>[1]) =>
      failure(s3Client(store, key).send(new ListBucketsCommand({})));
    expect(await list(newKeyPair())).toEqual({ code: "InvalidAccessKeyId", status: 403 });

    const { key } = await createTenant(store);
    expect(await list({ ...key, secretAccessKey: "wrong" })).toEqual({
      code: "SignatureDoesNotMatch",
      status: 403,
    });
    expect(await list(key)).toEqual({ code: "no error", status: undefined });
    await admin(store, "DELETE", "/user", { key: "", "access-key": key.accessKeyId });
    expect(await list(key)).toEqual({ code: "InvalidAccessKeyId", status: 403 });
  });

  test("a suspended user, until it is resumed; only who has the secret is told", async () => {
    const { uid, key } = await createTenant(store);
    const list = () => failure(s3Client(store, key).send(new ListBucketsCommand({})));
    await admin(store, "POST", "/user", { uid, suspended: "1" });
    expect(await list()).toEqual({ code: "UserSuspended", status: 403 });
    const guess = s3Client(store, { ...key, secretAccessKey: "guess" });
    expect((await failure(guess.send(new ListBucketsCommand({})))).code).toBe("SignatureDoesNotMatch");
    await admin(store, "POST", "/user", { uid, suspended: "0" });
    expect((await list()).code).toBe("no error");
  });

  test("a session token, which nothing here issues", async () => {
    const { key } = await createTenant(store);
    const s3 = s3Client(store, { ...key, sessionToken: "token" } as typeof key);
    expect(await failure(s3.send(new ListBucketsCommand({})))).toEqual({ code: "InvalidToken", status: 400 });
  });
});

describe("tenants", () => {
  test("have buckets of the same name and cannot see each other's", async () => {
    const [one, two] = [await newTenant("shared-name"), await newTenant("shared-name")];
    await one.s3.send(new PutObjectCommand({ Bucket: "shared-name", Key: "secret", Body: "of one" }));
    expect(
      await failure(two.s3.send(new GetObjectCommand({ Bucket: "shared-name", Key: "secret" }))),
    ).toEqual({
      code: "NoSuchKey",
      status: 404,
    });
    await newTenant("only-here");
    expect(await failure(one.s3.send(new ListObjectsV2Command({ Bucket: "only-here" })))).toEqual({
      code: "NoSuchBucket",
      status: 404,
    });
  });

  test("a policy reaches no further than its tenant", async () => {
    await newTenant("target");
    const { scoped } = await newTenant("own", [{ Effect: "Allow", Action: "s3:*", Resource: "*" }]);
    expect((await failure(scoped.send(new GetObjectCommand({ Bucket: "target", Key: "k" })))).code).toBe(
      "NoSuchBucket",
    );
  });

  test("x-amz-expected-bucket-owner is held", async () => {
    const { s3, uid } = await newTenant("expected");
    const get = (ExpectedBucketOwner: string) =>
      failure(s3.send(new HeadObjectCommand({ Bucket: "expected", Key: "k", ExpectedBucketOwner })));
    expect((await get(uid)).code).toBe("no error");
    expect((await get("someone else")).status).toBe(403);
  });
});

describe("users other than the bucket's owner", () => {
  test("may do nothing without a policy, and create no bucket", async () => {
    const { scoped } = await newTenant("closed");
    expect(await failure(scoped.send(new GetObjectCommand({ Bucket: "closed", Key: "k" })))).toEqual(denied);
    expect(await failure(scoped.send(new ListObjectsV2Command({ Bucket: "closed" })))).toEqual(denied);
    expect(await failure(scoped.send(new CreateBucketCommand({ Bucket: "new-one" })))).toEqual(denied);
    expect((await scoped.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  });

  test("see the tenant's buckets where a policy lets them list all", async () => {
    const { scoped } = await newTenant("visible", [
      { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" },
    ]);
    const { Buckets } = await scoped.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(["visible"]);
  });

  test("are not told which keys exist unless they may list", async () => {
    const { scoped } = await newTenant("hidden", [
      { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::hidden/*" },
    ]);
    expect((await failure(scoped.send(new GetObjectCommand({ Bucket: "hidden", Key: "k" })))).code).toBe(
      "no error",
    );
    expect(await failure(scoped.send(new GetObjectCommand({ Bucket: "hidden", Key: "none" })))).toEqual(
      denied,
    );
  });

  test("delete the keys they may and are told of the others", async () => {
    const { s3, scoped } = await newTenant("partly", [
      { Effect: "Allow", Action: "s3:DeleteObject", Resource: "arn:aws:s3:::partly/mine/*" },
    ]);
    await s3.send(new PutObjectCommand({ Bucket: "partly", Key: "mine/1", Body: "x" }));
    const Objects = [{ Key: "mine/1" }, { Key: "k" }];
    const result = await scoped.send(new DeleteObjectsCommand({ Bucket: "partly", Delete: { Objects } }));
    expect(result.Deleted).toEqual([{ Key: "mine/1" }]);
    expect(result.Errors).toMatchObject([{ Key: "k", Code: "AccessDenied" }]);
    expect(
      (await s3.send(new ListObjectsV2Command({ Bucket: "partly" }))).Contents?.map(({ Key }) => Key),
    ).toEqual(["k"]);
  });

  test("a Deny holds for the owner too", async () => {
    const { s3, uid } = await newTenant("frozen");
    await putPolicy(store, uid, [
      { Effect: "Deny", Action: "s3:PutObject", Resource: "arn:aws:s3:::frozen/*" },
    ]);
    expect(await failure(s3.send(new PutObjectCommand({ Bucket: "frozen", Key: "k", Body: "y" })))).toEqual(
      denied,
    );
    expect((await failure(s3.send(new GetObjectCommand({ Bucket: "frozen", Key: "k" })))).code).toBe(
      "no error",
    );
  });
});

describe("requests that are none", () => {
  test("are refused with a 4xx", async () => {
    const { key } = await newTenant("kept");
    for (const path of [
      "/kept/%",
      "/kept/%ff",
      "/kept/%00",
      "/%c3",
      "/kept?prefix=%00",
      "/kept?prefix=%e9",
    ]) {
      expect((await fetch(store.endpoint + path)).status).toBe(400);
    }
    const documents = [
      "",
      "<",
      "<Other/>",
      "<Delete/>",
      "<Delete><Object/></Delete>",
      "<!DOCTYPE a><Delete/>",
      "{}",
    ];
    for (const body of documents) {
      const headers = { "content-md5": createHash("md5").update(body).digest("base64") };
      const request = { method: "POST", path: "/kept", query: { delete: "" }, headers, body };
      expect(await send(store, key, request)).toMatchObject({
        status: 400,
        text: expect.stringContaining("MalformedXML"),
      });
    }
  });
});
