import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTenant, failure, type KeyPair, s3Client, send } from "./testing.ts";
import { type InProcessStore, startInProcess } from "./testing-in-process.ts";

// What is not implemented is refused: never stored, and never taken for the plain operation without it, by which
// `DELETE /bucket?encryption` would delete the bucket.

let store: InProcessStore;
let s3: S3Client;
let key: KeyPair;
const Bucket = "kept";

beforeAll(async () => {
  store = await startInProcess(inject("postgres"));
  ({ key } = await createTenant(store));
  s3 = s3Client(store, key);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", Metadata: { m: "1" } }));
});

afterAll(() => store?.stop());

/** Everything that a request could have changed. */
async function contents(): Promise<unknown> {
  const { rows: buckets } = await store.store.database.query(
    "select name, versioning, tags, cors, lifecycle, quota_enabled from s3.buckets",
  );
  const { rows: versions } = await store.store.database.query("select * from s3.object_versions");
  const { rows: uploads } = await store.store.database.query("select * from s3.uploads");
  return { buckets, versions, uploads };
}

async function refusal(
  method: string,
  path: string,
  query: Record<string, string>,
  body = "",
): Promise<number> {
  const before = await contents();
  const { status } = await send(store, key, { method, path, query, body });
  expect(await contents()).toEqual(before);
  return status;
}

/** All of Amazon's subresources ("Actions", Amazon S3 API reference), and some that nobody knows. */
const SUBRESOURCES = [
  "abac accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold",
  "lifecycle list-type location logging metadataConfiguration metadataInventoryTable metadataJournalTable",
  "metadataTable metrics notification object-lock ownershipControls partNumber policy policyStatus",
  "publicAccessBlock renameObject replication requestPayment restore retention select session tagging torrent",
  "uploadId uploads versionId versioning versions website append unheard-of Policy",
].flatMap((line) => line.split(" "));

/** What exists, as "method resource". */
const IMPLEMENTED: Record<string, string[]> = {
  acl: ["GET bucket", "PUT bucket", "GET object", "PUT object"],
  attributes: ["GET object"],
  cors: ["GET bucket", "PUT bucket", "DELETE bucket"],
  delete: ["POST bucket"],
  lifecycle: ["GET bucket", "PUT bucket", "DELETE bucket"],
  "list-type": ["GET bucket"],
  location: ["GET bucket"],
  partNumber: ["GET object", "HEAD object", "PUT object"],
  tagging: ["GET bucket", "PUT bucket", "DELETE bucket", "GET object", "PUT object", "DELETE object"],
  uploadId: ["GET object", "PUT object", "POST object", "DELETE object"],
  uploads: ["GET bucket", "POST object"],
  versionId: ["GET object", "HEAD object", "DELETE object"],
  versioning: ["GET bucket", "PUT bucket"],
  versions: ["GET bucket"],
};

describe("subresources", () => {
  test.each(SUBRESOURCES)("?%s", async (name) => {
    for (const [resource, path] of [
      ["bucket", "/kept"],
      ["object", "/kept/k"],
    ] as const) {
      for (const method of ["GET", "HEAD", "PUT", "POST", "DELETE"]) {
        const what = `${method} ${resource}`;
        if (IMPLEMENTED[name]?.includes(what)) continue;
        for (const value of ["", "1"]) {
          expect([what, await refusal(method, path, { [name]: value }, "<Any/>")]).toEqual([what, 501]);
        }
      }
    }
  });

  test("two at once, of which the other operation knows one", async () => {
    for (const [method, path, first, second] of [
      ["PUT", "/kept", "versioning", "policy"],
      ["PUT", "/kept", "policy", "tagging"],
      ["DELETE", "/kept", "cors", "encryption"],
      ["DELETE", "/kept/k", "tagging", "legal-hold"],
      ["GET", "/kept", "location", "acl"],
    ] as const) {
      expect(await refusal(method, path, { [first]: "", [second]: "" }, "<Any/>")).toBe(501);
    }
  });

  test("a bucket policy and public access, as SDKs ask for them", async () => {
    const PublicAccessBlockConfiguration = { IgnorePublicAcls: true };
    const call = s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect(await failure(call)).toEqual({ code: "NotImplemented", status: 501 });
  });
});

describe("headers of a PUT", () => {
  test.each<[string, string]>([
    ["x-amz-acl", "public-read"],
    ["x-amz-grant-read", "id=1"],
    ["x-amz-grant-full-control", "id=1"],
    ["x-amz-mfa", "1 2"],
    ["x-amz-object-lock-mode", "GOVERNANCE"],
    ["x-amz-object-lock-retain-until-date", "2099-01-01T00:00:00Z"],
    ["x-amz-object-lock-legal-hold", "ON"],
    ["x-amz-server-side-encryption", "AES256"],
    ["x-amz-server-side-encryption-customer-algorithm", "AES256"],
    ["x-amz-server-side-encryption-aws-kms-key-id", "1"],
    ["x-amz-website-redirect-location", "/x"],
    ["x-amz-write-offset-bytes", "1"],
    ["x-amz-unheard-of", "1"],
  ])("%s: %s", async (name, value) => {
    const before = await contents();
    for (const path of ["/kept", "/kept/k"]) {
      const answer = await send(store, key, { method: "PUT", path, headers: { [name]: value }, body: "" });
      expect(answer).toMatchObject({
        status: 501,
        text: expect.stringContaining("<Code>NotImplemented</Code>"),
      });
    }
    expect(await contents()).toEqual(before);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "k" }));
    expect(await got.Body?.transformToString()).toBe("x");
  });

  test("a storage class that there is not", async () => {
    const headers = { "x-amz-storage-class": "GLACIER" };
    const answer = await send(store, key, { method: "PUT", path: "/kept/k", headers });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("InvalidStorageClass")]);
  });
});

test("methods that S3 has not, here or at all", async () => {
  expect(await refusal("PATCH", "/kept/k", {})).toBe(405);
  expect(await refusal("PATCH", "/kept", {})).toBe(405);
  expect(await refusal("DELETE", "/", {})).toBe(405);
  expect(await refusal("PUT", "/", {})).toBe(405);
  // A form upload, and a multipart upload or a restore without saying which.
  expect(await refusal("POST", "/kept", {})).toBe(501);
  expect(await refusal("POST", "/kept/k", {})).toBe(501);
});
