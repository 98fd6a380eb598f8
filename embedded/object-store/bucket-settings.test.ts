import {
  CreateBucketCommand,
  DeleteBucketTaggingCommand,
  GetBucketAclCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  ListBucketsCommand,
  PutBucketAclCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
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

let store: TestObjectStore;
let s3: S3Client;
let key: KeyPair;
let uid: string;
let tenant: string;
let count = 0;

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  ({ key, uid, tenant } = await createTenant(store));
  s3 = s3Client(store, key);
});

afterAll(() => store?.stop());

async function newBucket(): Promise<string> {
  const Bucket = `bucket-${++count}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

/** One PUT of a document to a subresource, as no SDK would send it. */
async function put(path: string, subresource: string, body: string, headers: Record<string, string> = {}) {
  const answer = await send(store, key, {
    method: "PUT",
    path,
    query: { [subresource]: "" },
    headers,
    body,
  });
  return { status: answer.status, code: /<Code>(\w+)</.exec(answer.text)?.[1] };
}

describe("versioning", () => {
  test("is unset at first, then Enabled or Suspended", async () => {
    const Bucket = await newBucket();
    const get = async () => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    const set = (Status: "Enabled" | "Suspended") =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

    expect(await get()).toBeUndefined();
    const raw = await send(store, key, { method: "GET", path: `/${Bucket}`, query: { versioning: "" } });
    expect(raw.text).toContain(
      '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></VersioningConfiguration>',
    );
    for (const status of ["Suspended", "Enabled", "Enabled", "Suspended"] as const) {
      await set(status);
      expect(await get()).toBe(status);
    }
  });

  test.each<[string, string, object]>([
    [
      "MFA delete",
      "<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>",
      { status: 501, code: "NotImplemented" },
    ],
    ["no status", "", { status: 400, code: "IllegalVersioningConfigurationException" }],
    ["an unknown status", "<Status>enabled</Status>", { status: 400, code: "MalformedXML" }],
    [
      "two of them",
      "<Status>Enabled</Status><Status>Suspended</Status>",
      { status: 400, code: "MalformedXML" },
    ],
    ["what nobody knows", "<Status>Enabled</Status><Other/>", { status: 400, code: "MalformedXML" }],
  ])("refuses %s and stays as it was", async (_, content, refusal) => {
    const Bucket = await newBucket();
    const document = `<VersioningConfiguration>${content}</VersioningConfiguration>`;
    expect(await put(`/${Bucket}`, "versioning", document)).toEqual(refusal);
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  });

  test("takes MfaDelete Disabled, which it is", async () => {
    const path = `/${await newBucket()}`;
    const document =
      "<VersioningConfiguration><MfaDelete>Disabled</MfaDelete><Status>Enabled</Status></VersioningConfiguration>";
    expect((await put(path, "versioning", document)).status).toBe(200);
    expect((await put(path, "versioning", document, { "x-amz-mfa": "serial 123456" })).status).toBe(501);
  });
});

describe("tags of a bucket", () => {
  const TagSet = [
    { Key: "Team: São Paulo", Value: "a+b=c @/_.-" },
    { Key: "__proto__", Value: "" },
  ];

  test("are put, read in the order of their keys, replaced and deleted", async () => {
    const Bucket = await newBucket();
    const get = async () => (await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet;
    expect(await failure(get())).toEqual({ code: "NoSuchTagSet", status: 404 });
    const answer = await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect(answer.$metadata.httpStatusCode).toBe(204);
    expect(await get()).toEqual(TagSet);
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: TagSet.slice(0, 1) } }));
    expect(await get()).toEqual(TagSet.slice(0, 1));
    await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    expect((await failure(get())).code).toBe("NoSuchTagSet");
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [] } }));
    expect((await failure(get())).code).toBe("NoSuchTagSet");
  });

  const tags = (number: number) =>
    Array.from({ length: number }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
  test.each([
    ["51 tags", tags(51)],
    ["a key of 129 characters", [{ Key: "k".repeat(129), Value: "" }]],
    ["a value of 257 characters", [{ Key: "k", Value: "v".repeat(257) }]],
    ["an empty key", [{ Key: "", Value: "v" }]],
    ["the same key twice", [...tags(1), ...tags(1)]],
    ["a key of Amazon's own", [{ Key: "aws:cloudformation", Value: "v" }]],
    ["a sign that no tag has", [{ Key: "k", Value: "a;b" }]],
  ])("refuse %s", async (_, refused) => {
    const Bucket = await newBucket();
    const call = s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: refused } }));
    expect(await failure(call)).toEqual({ code: "InvalidTag", status: 400 });
    expect((await failure(s3.send(new GetBucketTaggingCommand({ Bucket })))).code).toBe("NoSuchTagSet");
  });

  test("take 50 tags of the longest keys and values", async () => {
    const Bucket = await newBucket();
    const most = tags(50).map(({ Key }) => ({ Key: `${Key}-`.padEnd(128, "é"), Value: "ã".repeat(256) }));
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: most } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toHaveLength(50);
  });

  test.each(["", "<Tagging/>", "<Tagging><TagSet><Tag><Key>k</Key></Tag></TagSet></Tagging>"])(
    "refuse the document %j",
    async (document) => {
      expect(await put(`/${await newBucket()}`, "tagging", document)).toEqual({
        status: 400,
        code: "MalformedXML",
      });
    },
  );
});

describe("access control lists", () => {
  test("say that the owner may do everything and nobody else anything", async () => {
    const Bucket = await newBucket();
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    const owner = { ID: uid, DisplayName: uid };
    const acl = {
      Owner: owner,
      Grants: [{ Grantee: { Type: "CanonicalUser", ...owner }, Permission: "FULL_CONTROL" }],
    };
    expect(await s3.send(new GetBucketAclCommand({ Bucket }))).toMatchObject(acl);
    expect(await s3.send(new GetObjectAclCommand({ Bucket, Key: "k" }))).toMatchObject(acl);
    const none = s3.send(new GetObjectAclCommand({ Bucket, Key: "none" }));
    expect(await failure(none)).toEqual({ code: "NoSuchKey", status: 404 });
  });

  test("may be put again as private, and as nothing else", async () => {
    const Bucket = await newBucket();
    const Key = "k";
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    await s3.send(new PutBucketAclCommand({ Bucket, ACL: "private" }));
    await s3.send(new PutObjectAclCommand({ Bucket, Key, ACL: "private" }));
    const notImplemented = { code: "NotImplemented", status: 501 };
    for (const ACL of ["public-read", "public-read-write", "authenticated-read"] as const) {
      expect(await failure(s3.send(new PutBucketAclCommand({ Bucket, ACL })))).toEqual(notImplemented);
      expect(await failure(s3.send(new PutObjectAclCommand({ Bucket, Key, ACL })))).toEqual(notImplemented);
      const put = new PutObjectCommand({ Bucket, Key, ACL, Body: "public" });
      expect(await failure(s3.send(put))).toEqual(notImplemented);
    }
    const GrantRead = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"';
    expect(await failure(s3.send(new PutObjectAclCommand({ Bucket, Key, GrantRead })))).toEqual(
      notImplemented,
    );
    const AccessControlPolicy = { Owner: { ID: uid }, Grants: [] };
    const asDocument = s3.send(new PutBucketAclCommand({ Bucket, AccessControlPolicy }));
    expect(await failure(asDocument)).toEqual(notImplemented);
    expect(await put(`/${Bucket}`, "acl", "")).toEqual({ status: 400, code: "MissingSecurityHeader" });
    const unknown = await put(`/${Bucket}`, "acl", "", { "x-amz-acl": "public-ready" });
    expect(unknown).toEqual({ status: 400, code: "InvalidArgument" });
    const none = s3.send(new PutObjectAclCommand({ Bucket, Key: "none", ACL: "private" }));
    expect((await failure(none)).code).toBe("NoSuchKey");
  });
});

describe("who may set what", () => {
  const subresources = ["versioning", "tagging", "cors", "acl"];

  test("not a user without a policy, and not one that may only read and write objects", async () => {
    const bucket = await newBucket();
    const user = `${tenant}$objects`;
    const scoped = await createUser(store, user);
    const status = async (method: string, subresource: string) =>
      (await send(store, scoped, { method, path: `/${bucket}`, query: { [subresource]: "" } })).status;
    const all = async () => {
      for (const subresource of subresources) {
        for (const method of ["GET", "PUT"]) expect(await status(method, subresource)).toBe(403);
      }
      expect(await status("DELETE", "tagging")).toBe(403);
      expect(await status("DELETE", "cors")).toBe(403);
    };
    await all();
    const Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"];
    await putPolicy(store, user, [{ Effect: "Allow", Action, Resource: "*" }]);
    await all();
    await putPolicy(store, user, [
      { Effect: "Allow", Action: "s3:Get*", Resource: `arn:aws:s3:::${bucket}` },
    ]);
    expect(await status("GET", "versioning")).toBe(200);
    expect(await status("PUT", "versioning")).toBe(403);
  });

  test("not another tenant", async () => {
    const bucket = await newBucket();
    const other = await createTenant(store);
    for (const query of subresources.map((name) => ({ [name]: "" }))) {
      const answer = await send(store, other.key, { method: "GET", path: `/${bucket}`, query });
      expect(answer).toMatchObject({ status: 404, text: expect.stringContaining("NoSuchBucket") });
    }
  });
});

test("usage knows these operations by the gateway's names", async () => {
  const owner = await createTenant(store);
  const client = s3Client(store, owner.key);
  const bucket = "counted";
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
  for (const [path, methods, subresource] of [
    [`/${bucket}`, "GET PUT", "versioning"],
    [`/${bucket}`, "GET PUT DELETE", "tagging"],
    [`/${bucket}`, "GET PUT DELETE", "cors"],
    [`/${bucket}`, "GET PUT", "acl"],
    [`/${bucket}/k`, "GET PUT DELETE", "tagging"],
  ] as const) {
    for (const method of methods.split(" ")) {
      await send(store, owner.key, { method, path, query: { [subresource]: "" } });
    }
  }
  const { json } = await admin(store, "GET", "/usage", { uid: owner.uid, "show-entries": "false" });
  const categories: { category: string; ops: number }[] = json.summary[0].categories;
  expect(Object.fromEntries(categories.map(({ category, ops }) => [category, ops]))).toEqual({
    create_bucket: 1,
    put_obj: 1,
    get_bucket_versioning: 1,
    set_bucket_versioning: 1,
    get_bucket_tags: 1,
    put_bucket_tags: 1,
    delete_bucket_tags: 1,
    get_cors: 1,
    put_cors: 1,
    delete_cors: 1,
    get_acls: 1,
    put_acls: 1,
    get_obj_tags: 1,
    put_obj_tags: 1,
    delete_obj_tags: 1,
  });
});

describe("ListBuckets", () => {
  async function listing(names: string[]) {
    const owner = await createTenant(store);
    const client = s3Client(store, owner.key);
    for (const Bucket of names) await client.send(new CreateBucketCommand({ Bucket }));
    return async (input: ConstructorParameters<typeof ListBucketsCommand>[0] = {}) => {
      const { Buckets = [], ContinuationToken, Prefix } = await client.send(new ListBucketsCommand(input));
      return {
        names: Buckets.map(({ Name }) => Name),
        regions: Buckets.map((b) => b.BucketRegion),
        ContinuationToken,
        Prefix,
      };
    };
  }

  test("in pages", async () => {
    const names = ["a-1", "a-2", "b-1", "b-2", "b-3"];
    const list = await listing(names);
    const seen: (string | undefined)[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      const page = await list({ MaxBuckets: 2, ContinuationToken: token });
      seen.push(...page.names);
      token = page.ContinuationToken;
      pages++;
    } while (token);
    expect([seen, pages]).toEqual([names, 3]);
    expect((await list({ MaxBuckets: 5 })).ContinuationToken).toBeUndefined();
  });

  test("by prefix and region", async () => {
    const list = await listing(["a-1", "b-1", "b-2"]);
    expect(await list({ Prefix: "b-", MaxBuckets: 1 })).toMatchObject({ names: ["b-1"], Prefix: "b-" });
    expect((await list({ Prefix: "b_" })).names).toEqual([]);
    expect((await list({ BucketRegion: store.region })).regions).toEqual(Array(3).fill(store.region));
    expect((await list({ BucketRegion: "eu-west-1" })).names).toEqual([]);
  });

  test("refuses pages of no size and tokens that it never gave", async () => {
    const list = await listing([]);
    const invalid = { code: "InvalidArgument", status: 400 };
    expect(await failure(list({ MaxBuckets: 0 }))).toEqual(invalid);
    expect(await failure(list({ MaxBuckets: 10_001 }))).toEqual(invalid);
    expect(await failure(list({ ContinuationToken: "?" }))).toEqual(invalid);
  });

  test("is refused by an explicit Deny", async () => {
    const owner = await createTenant(store);
    await putPolicy(store, owner.uid, [{ Effect: "Deny", Action: "s3:*", Resource: "*" }]);
    const list = s3Client(store, owner.key).send(new ListBucketsCommand({}));
    expect(await failure(list)).toEqual({ code: "AccessDenied", status: 403 });
  });
});
