import { readdir } from "node:fs/promises";
import path from "node:path";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type LifecycleRule,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import {
  admin,
  createTenant,
  createUser,
  failure,
  type KeyPair,
  putPolicy,
  s3Client,
  send,
} from "../testing.ts";
import { type InProcessStore, startInProcess } from "../testing-in-process.ts";

// Lifecycle as clients see it, with a clock that is moved by the administrator.

let store: InProcessStore;
let tenant: { tenant: string; uid: string; key: KeyPair };
let s3: S3Client;
let Bucket: string;
let buckets = 0;

beforeAll(async () => {
  store = await startInProcess(inject("postgres"));
  tenant = await createTenant(store);
  s3 = s3Client(store, tenant.key);
});

afterAll(() => store?.stop());

beforeEach(async () => {
  // The administrator's call applies the rules of all buckets.
  await store.store.database.query("update s3.buckets set lifecycle = null");
  Bucket = `bucket-${++buckets}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
});

const DAY_MS = 86_400_000;

describe("a configuration", () => {
  const Rules: LifecycleRule[] = [
    { ID: "one", Status: "Enabled", Filter: { Prefix: "tmp/" }, Expiration: { Days: 1 } },
    {
      ID: "two",
      Status: "Disabled",
      Filter: {
        And: {
          Prefix: "ação/",
          Tags: [
            { Key: "z", Value: "1" },
            { Key: "a", Value: "" },
          ],
          ObjectSizeGreaterThan: 5,
          ObjectSizeLessThan: 5 * 2 ** 40,
        },
      },
      Expiration: { Date: new Date("2030-01-01") },
      NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 2 },
    },
    {
      ID: "three",
      Status: "Enabled",
      Filter: { Prefix: "" },
      Expiration: { ExpiredObjectDeleteMarker: true },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
  ];
  const get = () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
  const put = (rules: LifecycleRule[]) =>
    s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: rules } }));

  test("is put, read, replaced and deleted", async () => {
    const none = { code: "NoSuchLifecycleConfiguration", status: 404 };
    expect(await failure(get())).toEqual(none);
    await put(Rules);
    expect((await get()).Rules).toEqual(Rules);
    await put(Rules.slice(0, 1));
    expect((await get()).Rules).toEqual(Rules.slice(0, 1));
    for (const _ of ["there", "gone"]) {
      const { $metadata } = await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
      expect($metadata.httpStatusCode).toBe(204);
    }
    expect(await failure(get())).toEqual(none);
  });

  test("that is refused leaves the old one in place", async () => {
    await put(Rules);
    const same = [Rules[0], Rules[0]] as LifecycleRule[];
    expect(await failure(put(same))).toEqual({ code: "InvalidArgument", status: 400 });
    expect((await get()).Rules).toEqual(Rules);
  });

  test("says from which size on objects would move, as at Amazon", async () => {
    expect((await put(Rules)).TransitionDefaultMinimumObjectSize).toBe("all_storage_classes_128K");
    const varying = new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: { Rules },
      TransitionDefaultMinimumObjectSize: "varies_by_storage_class",
    });
    await s3.send(varying);
    expect((await get()).TransitionDefaultMinimumObjectSize).toBe("varies_by_storage_class");
    varying.input.TransitionDefaultMinimumObjectSize = "64K" as "varies_by_storage_class";
    expect(await failure(s3.send(varying))).toEqual({ code: "InvalidRequest", status: 400 });
  });

  test("needs a digest, and the right one", async () => {
    const request = (headers: Record<string, string>) =>
      send(store, tenant.key, {
        method: "PUT",
        path: `/${Bucket}`,
        query: { lifecycle: "" },
        headers,
        body: "<LifecycleConfiguration><Rule><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>",
      });
    expect((await request({})).text).toContain("<Code>InvalidRequest</Code>");
    expect((await request({ "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==" })).text).toContain(
      "<Code>BadDigest</Code>",
    );
    expect(await failure(get())).toMatchObject({ code: "NoSuchLifecycleConfiguration" });
  });

  test("is for who may configure the bucket", async () => {
    await put(Rules);
    const uid = `${tenant.tenant}$${Bucket}`;
    const other = s3Client(store, await createUser(store, uid));
    const attempts = [
      () => other.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      () =>
        other.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } })),
      () => other.send(new DeleteBucketLifecycleCommand({ Bucket })),
    ];
    await putPolicy(store, uid, [
      { Effect: "Allow", Action: ["s3:*Object*", "s3:ListBucket"], Resource: ["*"] },
    ]);
    for (const attempt of attempts) expect(await failure(attempt())).toMatchObject({ code: "AccessDenied" });
    await putPolicy(store, uid, [
      {
        Effect: "Allow",
        Action: ["s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration"],
        Resource: ["*"],
      },
    ]);
    for (const attempt of attempts) expect(await failure(attempt())).toMatchObject({ code: "no error" });
  });
});

describe("objects", () => {
  test("expire by prefix, at the first midnight after their days", async () => {
    await setRules({ Filter: { Prefix: "tmp/" }, Expiration: { Days: 2 } });
    await put("tmp/a", "tmp/b", "data/a");
    await applyAt(midnightIn(3) - 1);
    expect(await listKeys()).toEqual(["data/a", "tmp/a", "tmp/b"]);
    expect(await applyAt(midnightIn(3))).toMatchObject({ currentExpired: 2 });
    expect(await listKeys()).toEqual(["data/a"]);
    expect(await applyAt(midnightIn(3))).toMatchObject({ currentExpired: 0 });
  });

  test("expire by tag and size", async () => {
    await setRules({
      Filter: { And: { Tags: [{ Key: "kind", Value: "log" }], ObjectSizeGreaterThan: 3 } },
      Expiration: { Days: 1 },
    });
    for (const [Key, Body, Tagging] of [
      ["large", "four", "kind=log&more=1"],
      ["small", "one", "kind=log"],
      ["other", "four", "kind=text"],
      ["none", "four", undefined],
    ] as const) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, Tagging }));
    }
    await applyAt(midnightIn(2));
    expect(await listKeys()).toEqual(["none", "other", "small"]);
  });

  test("expire on a date, and after it", async () => {
    await setRules({ Expiration: { Date: new Date(midnightIn(5)) } });
    await put("a");
    await applyAt(midnightIn(5) - 1);
    expect(await listKeys()).toEqual(["a"]);
    await applyAt(midnightIn(5));
    expect(await listKeys()).toEqual([]);
    await put("later");
    await applyAt(midnightIn(6));
    expect(await listKeys()).toEqual([]);
  });

  test("stay where their rule is disabled or was deleted", async () => {
    await setRules({ Status: "Disabled", Expiration: { Days: 1 } });
    await put("a");
    await applyAt(midnightIn(9));
    expect(await listKeys()).toEqual(["a"]);
    await setRules({ Expiration: { Days: 1 } });
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    await applyAt(midnightIn(9));
    expect(await listKeys()).toEqual(["a"]);
  });

  test("go with their files", async () => {
    const before = await listBlobs();
    await setRules({ Expiration: { Days: 1 } });
    await s3.send(new PutObjectCommand({ Bucket, Key: "large", Body: Buffer.alloc(100_000) }));
    expect(await listBlobs()).toHaveLength(before.length + 1);
    await applyAt(midnightIn(2));
    expect(await listBlobs()).toEqual(before);
  });

  test("are gone without a request that anyone pays for, and take no more space", async () => {
    await setRules({ Expiration: { Days: 1 } });
    await put("a", "b");
    const usage = async () => (await admin(store, "GET", "/usage", { uid: tenant.uid })).json.summary;
    const before = await usage();
    await applyAt(midnightIn(2));
    expect(await usage()).toEqual(before);
    const { json } = await admin(store, "GET", "/bucket", {
      bucket: `${tenant.tenant}/${Bucket}`,
      stats: "true",
    });
    expect(json.usage).toEqual({});
  });

  test("tell when they expire, and by which rule", async () => {
    await setRules({ ID: "by day", Filter: { Prefix: "tmp/" }, Expiration: { Days: 1 } });
    const expected = `expiry-date="${new Date(midnightIn(2)).toUTCString()}", rule-id="by day"`;
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: "tmp/a", Body: "a" }));
    expect(put.Expiration).toBe(expected);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "tmp/a" }))).Expiration).toBe(expected);
    expect((await s3.send(new GetObjectCommand({ Bucket, Key: "tmp/a" }))).Expiration).toBe(expected);
    const copy = new CopyObjectCommand({ Bucket, Key: "tmp/b", CopySource: `${Bucket}/tmp/a` });
    expect((await s3.send(copy)).Expiration).toBe(expected);
    const other = await s3.send(new PutObjectCommand({ Bucket, Key: "data/a", Body: "a" }));
    expect(other.Expiration).toBeUndefined();
  });
});

describe("versions", () => {
  beforeEach(() => setVersioning("Enabled"));

  test("are hidden by a delete marker, and removed when they have been noncurrent for their days", async () => {
    await setRules({
      Expiration: { Days: 1 },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    });
    await put("a");
    const [version] = await listVersions();
    expect(await applyAt(midnightIn(2))).toMatchObject({ currentExpired: 1 });
    expect(await listKeys()).toEqual([]);
    expect(await listVersions()).toEqual([
      { key: "a", marker: true, latest: true, id: expect.any(String) },
      { ...version, latest: false },
    ]);
    // Noncurrent since the second midnight.
    expect(await applyAt(midnightIn(3) - 1)).toMatchObject({ noncurrentRemoved: 0 });
    expect(await applyAt(midnightIn(3))).toMatchObject({ noncurrentRemoved: 1, deleteMarkersRemoved: 1 });
    expect(await listVersions()).toEqual([]);
  });

  test("stay, as many of the newest as the rule says", async () => {
    await setRules({ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } });
    for (let i = 0; i < 5; i++) await put("a");
    const before = await listVersions();
    expect(await applyAt(midnightIn(1))).toMatchObject({ noncurrentRemoved: 0 });
    expect(await applyAt(midnightIn(2))).toMatchObject({ noncurrentRemoved: 2 });
    expect(await listVersions()).toEqual(before.slice(0, 3));
  });

  test("of a suspended bucket: the null version gives way to a null delete marker", async () => {
    await put("a");
    await setVersioning("Suspended");
    await put("a");
    await setRules({ Expiration: { Days: 1 } });
    await applyAt(midnightIn(2));
    const versions = await listVersions();
    expect(versions).toMatchObject([
      { key: "a", marker: true, latest: true, id: "null" },
      { key: "a", marker: false, latest: false },
    ]);
    expect(versions[1]?.id).not.toBe("null");
  });

  test("delete markers go once they are all that is left", async () => {
    await setRules({ Expiration: { ExpiredObjectDeleteMarker: true } });
    await put("a", "b");
    for (const Key of ["a", "b"]) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    const data = (await listVersions()).filter(({ key, marker }) => key === "a" && !marker);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId: data[0]?.id }));
    expect(await applyAt(Date.now() + 1000)).toMatchObject({ deleteMarkersRemoved: 1 });
    expect(await listVersions()).toMatchObject([
      { key: "b", marker: true },
      { key: "b", marker: false },
    ]);
  });
});

test("incomplete uploads are aborted, with their parts", async () => {
  const before = await listBlobs();
  await setRules({
    ID: "uploads",
    Filter: { Prefix: "tmp/" },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  });
  const create = async (Key: string) => {
    const { UploadId, AbortDate, AbortRuleId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key }),
    );
    await s3.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.alloc(100_000) }),
    );
    const parts = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    expect([parts.AbortDate, parts.AbortRuleId]).toEqual([AbortDate, AbortRuleId]);
    return { AbortDate, AbortRuleId };
  };
  expect(await create("tmp/a")).toEqual({ AbortDate: new Date(midnightIn(2)), AbortRuleId: "uploads" });
  expect(await create("data/a")).toEqual({ AbortDate: undefined, AbortRuleId: undefined });
  expect(await applyAt(midnightIn(2) - 1)).toMatchObject({ uploadsAborted: 0 });
  expect(await applyAt(midnightIn(2))).toMatchObject({ uploadsAborted: 1 });
  const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads?.map(({ Key }) => Key)).toEqual(["data/a"]);
  expect(await listBlobs()).toHaveLength(before.length + 1);
});

test("only the administrator moves the clock", async () => {
  const asked = await send(store, tenant.key, {
    method: "POST",
    path: "/admin/lifecycle",
    query: { process: "" },
  });
  expect(asked.status).toBe(403);
  const badly = await admin(store, "POST", "/lifecycle", { process: "", now: "tomorrow" });
  expect(badly).toMatchObject({ status: 400, json: { Code: "InvalidArgument" } });
  expect((await admin(store, "POST", "/lifecycle")).status).toBe(501);
});

/** The files of bodies that are not in their rows. */
async function listBlobs(): Promise<string[]> {
  const names = await readdir(path.join(store.directory, "blobs"), { recursive: true });
  return names.filter((name) => path.basename(name).length > 2).sort();
}

/** The `days`th midnight UTC from now, in milliseconds. */
const midnightIn = (days: number) => (Math.floor(Date.now() / DAY_MS) + days) * DAY_MS;

async function applyAt(time: number) {
  const { status, json } = await admin(store, "POST", "/lifecycle", {
    process: "",
    now: new Date(time).toISOString(),
  });
  expect(status).toBe(200);
  return json;
}

async function setRules(rule: Partial<LifecycleRule>): Promise<void> {
  const Rules = [{ ID: "r", Status: "Enabled", Filter: { Prefix: "" }, ...rule } as LifecycleRule];
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
}

async function setVersioning(Status: "Enabled" | "Suspended"): Promise<void> {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

async function put(...keys: string[]): Promise<void> {
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "body" }));
}

async function listKeys(): Promise<(string | undefined)[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => Key);
}

/** Of one key at a time, the newest first. */
async function listVersions() {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  const shown = (marker: boolean) => (version: { Key?: string; VersionId?: string; IsLatest?: boolean }) => ({
    key: version.Key,
    marker,
    latest: version.IsLatest,
    id: version.VersionId,
  });
  return [...DeleteMarkers.map(shown(true)), ...Versions.map(shown(false))].sort((one, other) =>
    (one.key ?? "") < (other.key ?? "") ? -1 : (one.key ?? "") > (other.key ?? "") ? 1 : 0,
  );
}
