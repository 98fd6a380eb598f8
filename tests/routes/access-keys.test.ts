// The secret of a key, as HTML and as JSON: in one answer, which no cache keeps, and in no other.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Visitor } from "#tests/support/app.ts";
import { startStorage, statusOf } from "#tests/support/storage.ts";

const engine = await startStorage();
const { signedInMember, signedInStaff } = await import("#tests/support/cast.ts");

let tenant: Awaited<ReturnType<typeof engine.makeTenant>>;
let owner: Visitor;
let bucket: { id: string; name: string };

beforeAll(async () => {
  tenant = await engine.makeTenant();
  owner = await signedInMember(tenant.account, "owner");
  bucket = await tenant.makeBucket();
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

/** Makes a key by the form, and answers its id and what its page says. */
async function makeByForm(changed: Record<string, string> = {}) {
  const pages = `/accounts/${tenant.account.slug}/access-keys`;
  const form = { name: "rota", permission: "read_write", scope: "all", requestId: randomUUID(), ...changed };
  const { status, text } = await owner.post(`${pages}/new`, form, { "Accept-Language": "en" });
  const id = /access-keys\/([0-9a-f-]{36})/.exec(text)?.[1] ?? "";
  const [accessKeyId = ""] = /BLD[A-Z0-9]{17}/.exec(text) ?? [];
  const [secretAccessKey = ""] = aSecret.exec(text) ?? [];
  return { status, text, id, pair: { accessKeyId, secretAccessKey }, page: `${pages}/${id}` };
}

const english = { "Accept-Language": "en" };

test("a key is stopped and woken from its page, and by JSON", async () => {
  const { id, page, pair } = await makeByForm();
  expect((await owner.get(`${page}/deactivation`, english)).text).toContain(
    "You can reactivate the key at any",
  );
  const stopped = await owner.post(`${page}/deactivation`);
  expect([stopped.status, stopped.location]).toEqual([302, page]);
  expect((await owner.get(page, english)).text).toContain("The key is inactive");
  expect(await statusOf(engine.client(pair).list(bucket.name))).toBe(403);
  // There is nothing left to stop.
  expect((await owner.get(`${page}/deactivation`)).location).toBe(page);
  const woken = await owner.post(`${page}/reactivation`);
  expect([woken.status, woken.location]).toEqual([302, page]);
  expect(await statusOf(engine.client(pair).list(bucket.name))).toBe(200);

  const api = `/api/accounts/${tenant.account.id}/access-keys/${id}`;
  expect((await owner.json(`${api}/deactivate`)).json()).toEqual({ id, state: "inactive" });
  expect((await owner.json(`${api}/reactivate`)).json()).toEqual({ id, state: "active" });
  await owner.json(`${api}/revoke`);
  expect((await owner.json(`${api}/reactivate`)).status).toBe(409);
});

test("who only reads keys finds no control to change one, and is refused", async () => {
  const { page } = await makeByForm();
  const developer = await signedInMember(tenant.account, "developer");
  const { text } = await developer.get(page, english);
  expect(text).toContain("Test the connection");
  for (const action of ["deactivation", "reactivation", "revocation"]) {
    expect(text).not.toContain(`${page}/${action}`);
    expect((await developer.post(`${page}/${action}`)).status).toBe(403);
  }
});

test("settings that are shown later hold a placeholder, to copy and to download", async () => {
  const { page, text, pair } = await makeByForm();
  expect(text.split(pair.secretAccessKey).length).toBeGreaterThan(10);
  const later = (await owner.get(page, english)).text;
  expect(later).not.toContain(pair.secretAccessKey);
  expect(later).toContain("aws_secret_access_key = YOUR_SECRET_ACCESS_KEY");
  expect(later).toMatch(/download="config" href="data:application\/octet-stream,[^"]*YOUR_SECRET_ACCESS_KEY/);
});

describe("the connection test", () => {
  test("takes the secret with the form, and shows it in no answer", async () => {
    const { page, text, pair } = await makeByForm();
    expect(text).toContain(`<input type="hidden" name="secret" value="${pair.secretAccessKey}"/>`);
    const tested = await owner.post(`${page}/test`, { secret: pair.secretAccessKey }, english);
    expect(tested.status).toBe(200);
    expect(tested.headers.get("Cache-Control")).toBe("no-store");
    expect(tested.text).toContain("Everything that was tested works");
    expect(tested.text).toContain("the secret is right");
    expect(tested.text).not.toContain(pair.secretAccessKey);

    const wrong = await owner.post(`${page}/test`, { secret: "not-the-secret-of-it" }, english);
    expect(wrong.text).toContain("The connection fails at: Key and signature");
    expect(wrong.text).not.toContain("not-the-secret-of-it");
  });

  test("a form that is refused comes back without it", async () => {
    const { page, pair } = await makeByForm();
    const form = { secret: pair.secretAccessKey, bucket: randomUUID() };
    const refused = await owner.post(`${page}/test`, form, english);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("no longer there");
    expect(refused.text).not.toContain(pair.secretAccessKey);
  });

  test("without it only the way is tested", async () => {
    const { page } = await makeByForm();
    const { text } = await owner.post(`${page}/test`, {}, english);
    expect(text).toContain("An S3 storage answers");
    expect(text).toContain("fill in its secret below");
  });

  test("is no business of the provider's staff, nor of another account", async () => {
    const { page } = await makeByForm();
    const other = await engine.makeTenant();
    const stranger = await signedInMember(other.account, "owner");
    expect((await stranger.post(`${page}/test`)).status).toBe(404);
    expect((await (await signedInMember(tenant.account, "billing")).post(`${page}/test`)).status).toBe(403);
  });
});

describe("the maximum age", () => {
  const settings = () => `/accounts/${tenant.account.slug}/settings/access-keys`;
  afterAll(() => owner.post(settings(), { maxAgeDays: "" }));

  test("is the owner's to set, and everybody's to see who uses keys", async () => {
    const saved = await owner.post(settings(), { maxAgeDays: "90" });
    expect([saved.status, saved.location]).toEqual([302, settings()]);
    const admin = await signedInMember(tenant.account, "admin");
    const seen = await admin.get(settings(), english);
    expect([seen.status, seen.text.includes('name="maxAgeDays"')]).toEqual([200, false]);
    expect(seen.text).toContain("90 days");
    expect((await admin.post(settings(), { maxAgeDays: "1000" })).status).toBe(403);
    expect((await owner.post(settings(), { maxAgeDays: "0" })).status).toBe(400);
  });

  test("is asked of the form of a new key, which knows the latest day; and of JSON", async () => {
    await owner.post(settings(), { maxAgeDays: "90" });
    const pages = `/accounts/${tenant.account.slug}/access-keys`;
    const { text } = await owner.get(`${pages}/new`, english);
    const [field = ""] = /<input[^>]*name="expiresOn"[^>]*>/.exec(text) ?? [];
    const latest = /max="([\d-]+)"/.exec(field)?.[1] ?? "";
    expect(field).toContain(`value="${latest}"`);
    expect(field).toContain("required");

    const refused = await makeByForm({ expiresOn: "2099-12-31" });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(`Choose ${latest} or an earlier day`);
    const withoutEnd = await owner.json(`/api/accounts/${tenant.account.id}/access-keys`, {
      name: "json",
      permission: "read",
      scope: "all",
    });
    expect(withoutEnd.status).toBe(400);
    expect((await makeByForm({ expiresOn: latest })).status).toBe(201);
  });

  test("marks the keys that are there, on the list, on their pages and beside the policy", async () => {
    await owner.post(settings(), { maxAgeDays: "" });
    const { page, id } = await makeByForm({ name: "sem fim" });
    await owner.post(settings(), { maxAgeDays: "90" });
    expect((await owner.get(page, english)).text).toContain("This key ends later than the policy allows");
    const list = `/accounts/${tenant.account.slug}/access-keys`;
    expect((await owner.get(`${list}?state=beyond-policy`, english)).text).toContain(id);
    expect((await owner.get(settings(), english)).text).toContain(id);
    expect((await owner.get(`${list}?q=nothing%20like%20it`, english)).text).toContain("No key matches");
  });

  test("of all accounts is the operators' to set", async () => {
    const address = "/admin/settings/access-keys";
    const support = await signedInStaff("support");
    expect((await support.get(address)).status).toBe(200);
    expect((await support.post(address, { maxAgeDays: "30" })).status).toBe(403);
    const operator = await signedInStaff("operator");
    expect((await operator.post(address, { maxAgeDays: "30" })).location).toBe(address);
    expect((await owner.get(settings(), english)).text).toContain("30 days");
    await operator.post(address, { maxAgeDays: "" });
  });
});
