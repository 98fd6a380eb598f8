// The secret of a key, as HTML and as JSON: in one answer, which no cache keeps, and in no other.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Visitor } from "#tests/support/app.ts";
import { startStorage, statusOf } from "#tests/support/storage.ts";

const engine = await startStorage();
const { signedInMember } = await import("#tests/support/cast.ts");
const { createBucket } = await import("#app/domain/buckets/create-bucket.ts");
const { provisionBucket } = await import("#app/domain/buckets/provision-bucket.ts");

let tenant: Awaited<ReturnType<typeof engine.makeTenant>>;
let owner: Visitor;
let bucket: { id: string; name: string };

beforeAll(async () => {
  tenant = await engine.makeTenant();
  owner = await signedInMember(tenant.account, "owner");
  bucket = await createBucket(tenant.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(bucket.id, randomUUID());
});
afterAll(() => engine.stop());

const aSecret = /\b[A-Za-z0-9]{40}\b/;

test("a page shows the secret in its answer to the POST, and never again", async () => {
  const pages = `/accounts/${tenant.account.slug}/access-keys`;
  const form = { name: "cópia", permission: "read_write", scope: "all", requestId: randomUUID() };
  const created = await owner.post(`${pages}/new`, form);
  expect(created.status).toBe(201);
  expect(created.headers.get("Cache-Control")).toBe("no-store");
  const secretAccessKey = aSecret.exec(created.text)?.[0] ?? "";
  const accessKeyId = /BLD[A-Z0-9]{17}/.exec(created.text)?.[0] ?? "";
  expect(await statusOf(engine.client({ accessKeyId, secretAccessKey }).list(bucket.name))).toBe(200);

  const again = await owner.post(`${pages}/new`, form, { "Accept-Language": "en" });
  expect(again.status).toBe(409);
  expect(again.text).toContain("This key was already created");
  const key = /access-keys\/([0-9a-f-]{36})/.exec(again.text)?.[1];
  for (const path of [pages, `${pages}.data`, `${pages}/${key}`, `${pages}/${key}.data`, `${pages}/new`]) {
    const answer = await owner.get(path);
    expect([path, answer.status]).toEqual([path, 200]);
    expect(answer.text).not.toContain(secretAccessKey);
  }
});

test("JSON: the same, and a bucket's size as decimal text", async () => {
  const api = `/api/accounts/${tenant.account.id}`;
  const input = {
    name: "cópia",
    permission: "read",
    scope: "chosen",
    buckets: [bucket.id],
    requestId: randomUUID(),
  };
  const created = await owner.json(`${api}/access-keys`, input);
  expect(created.status).toBe(201);
  expect(created.headers.get("Cache-Control")).toBe("no-store");
  const { id, accessKeyId, secretAccessKey } = created.json();
  expect(secretAccessKey).toMatch(aSecret);

  const again = await owner.json(`${api}/access-keys`, input);
  expect(again.status).toBe(409);
  expect(again.json()).toMatchObject({ code: "secret-already-shown", params: { id } });
  const read = await owner.get(`${api}/access-keys/${id}`);
  expect(read.json()).toMatchObject({
    accessKeyId,
    permission: "read",
    buckets: [{ id: bucket.id, name: bucket.name }],
  });
  for (const { text } of [read, again, await owner.get(`${api}/access-keys`)])
    expect(text).not.toContain(secretAccessKey);

  await engine.client(tenant.managementKey).put(bucket.name, "a");
  expect((await owner.get(`${api}/buckets/${bucket.id}`)).json()).toMatchObject({
    name: bucket.name,
    size: { sizeBytes: "4", objectCount: "1" },
  });
  const revoked = await owner.json(`${api}/access-keys/${id}/revoke`, {});
  expect(revoked.json()).toEqual({ id, state: "revoked" });
  expect(await statusOf(engine.client({ accessKeyId, secretAccessKey }).list(bucket.name))).toBe(403);
});
