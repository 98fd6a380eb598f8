// The guided path from one key to another, as its pages lead through it, and what they say when things went otherwise.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage, statusOf } from "#tests/support/storage.ts";

const engine = await startStorage();
const { signedInMember } = await import("#tests/support/cast.ts");
const { createAccessKey } = await import("#app/domain/access-keys/create-access-key.ts");

let tenant: Awaited<ReturnType<typeof engine.makeTenant>>;
let owner: Visitor;
let bucket: { id: string; name: string };
const english = { "Accept-Language": "en" };

beforeAll(async () => {
  tenant = await engine.makeTenant();
  owner = await signedInMember(tenant.account, "owner");
  bucket = await tenant.makeBucket();
});
afterAll(() => engine.stop());

const keyPage = (id: string) => `/accounts/${tenant.account.slug}/access-keys/${id}`;
const makeKey = () =>
  createAccessKey(tenant.owner, { name: "cópia", permission: "read_write", scope: "all" });
const works = async (key: Parameters<typeof engine.client>[0]) =>
  (await statusOf(engine.client(key).list(bucket.name))) === 200;

/** Starts to replace a key by its form; answers the page with the secret, and the new key as it is on it. */
async function rotate(id: string, fields: Record<string, string> = {}) {
  const form = { name: "cópia nova", overlap: "7", requestId: randomUUID(), ...fields };
  const page = await owner.post(`${keyPage(id)}/rotation`, form, english);
  const accessKeyId = /BLD[A-Z0-9]{17}/.exec(page.text)?.[0] ?? "";
  const secretAccessKey = /\b[A-Za-z0-9]{40}\b/.exec(page.text)?.[0] ?? "";
  const [row] = await queryAsOwner<{ id: string }>("SELECT id FROM access_key WHERE access_key_id = $1", [
    accessKeyId,
  ]);
  return { page, form, made: { id: row?.id ?? "", accessKeyId, secretAccessKey } };
}

test("start, extend and finish, each step with its page; the secret in one answer alone", async () => {
  const old = await makeKey();
  const rotation = `${keyPage(old.id)}/rotation`;
  const form = await owner.get(rotation, english);
  expect(form.status).toBe(200);
  expect(form.text).toContain('value="cópia"');
  expect(form.text).toMatch(/<input[^>]*value="7"[^>]*checked|<input[^>]*checked[^>]*value="7"/);

  const { page, made, form: fields } = await rotate(old.id);
  expect(page.status).toBe(201);
  expect(page.headers.get("Cache-Control")).toBe("no-store");
  expect(page.text).toContain("The old key still works for now");
  expect([await works(old), await works(made)]).toEqual([true, true]);

  const again = await owner.post(rotation, fields, english);
  expect(again.status).toBe(409);
  expect(again.text).toContain("undo the rotation");
  const progress = await owner.get(rotation, english);
  expect(progress.text).toContain("Put the new key into your programs");
  for (const { text } of [
    again,
    progress,
    await owner.get(`${rotation}.data`),
    await owner.get(keyPage(made.id)),
    await owner.get(keyPage(old.id)),
  ])
    expect(text).not.toContain(made.secretAccessKey);

  // The keys' own pages, and the list, say where they stand.
  expect((await owner.get(keyPage(old.id), english)).text).toContain("This key is being replaced");
  expect((await owner.get(keyPage(made.id), english)).text).toContain("This key replaces another one");
  const list = await owner.get(`/accounts/${tenant.account.slug}/access-keys`, english);
  expect(list.text).toContain("Being replaced");
  const fromNew = await owner.get(`${keyPage(made.id)}/rotation`);
  expect([fromNew.status, fromNew.headers.get("Location")]).toEqual([302, rotation]);

  const extension = await owner.get(`${rotation}/extension`, english);
  const shownUntil = /name="shownUntil"[^>]*value="([^"]+)"/.exec(extension.text)?.[1] ?? "";
  const later = await owner.post(`${rotation}/extension`, { shownUntil, overlap: "7" });
  expect([later.status, later.headers.get("Location")]).toEqual([302, rotation]);
  const twice = await owner.post(`${rotation}/extension`, { shownUntil, overlap: "7" }, english);
  expect(twice.status).toBe(409);
  const days =
    "SELECT round(extract(epoch FROM until - $2::timestamptz) / 86400)::int AS days FROM access_key_rotation WHERE old_key_id = $1";
  expect(await queryAsOwner(days, [old.id, shownUntil])).toEqual([{ days: 7 }]);

  const asked = await owner.get(`${rotation}/finishing`, english);
  expect(asked.text).toContain("This is final");
  const finished = await owner.post(`${rotation}/finishing`, {});
  expect([finished.status, finished.headers.get("Location")]).toEqual([302, rotation]);
  expect([await works(old), await works(made)]).toEqual([false, true]);
  expect((await owner.get(rotation, english)).text).toContain("Finished");
  expect((await owner.get(keyPage(old.id), english)).text).toContain("This key was replaced");
  // The new key is one like any other now.
  expect((await owner.get(`${keyPage(made.id)}/rotation`, english)).text).toContain("Create the new key");
});

test("undo, with the new key kept or revoked, and not a second time", async () => {
  const old = await makeKey();
  const { made } = await rotate(old.id);
  const undoing = `${keyPage(old.id)}/rotation/undoing`;
  expect((await owner.get(undoing, english)).text).toContain(made.accessKeyId);
  const refused = await owner.post(undoing, {}, english);
  expect(refused.status).toBe(400);
  const undone = await owner.post(undoing, { newKey: "revoke" });
  expect([undone.status, undone.headers.get("Location")]).toEqual([302, keyPage(old.id)]);
  expect([await works(old), await works(made)]).toEqual([true, false]);
  // The second time, both ways lead to how things stand.
  for (const later of [await owner.post(undoing, { newKey: "keep" }), await owner.get(undoing)])
    expect([later.status, later.headers.get("Location")]).toEqual([302, `${keyPage(old.id)}/rotation`]);
  expect(await works(made)).toBe(false);
});

test("what does not fit is said at its field, with what was typed", async () => {
  const old = await makeKey();
  const refused = async (fields: Record<string, string>) => {
    const { page } = await rotate(old.id, fields);
    expect(page.status).toBe(400);
    return page.text;
  };
  expect(await refused({ overlap: "date" })).toContain("Fill this in");
  expect(await refused({ overlap: "date", untilDay: "2020-01-01" })).toContain('value="2020-01-01"');
  expect(await refused({ overlap: "2" })).toContain("Choose one of the options");
  expect(await refused({ name: "" })).toContain("Fill this in");
  expect(await queryAsOwner("SELECT 1 FROM access_key_rotation WHERE old_key_id = $1", [old.id])).toEqual([]);
});

describe("an engine that is away", () => {
  test("leaves the form as it was filled in, and the pages with what is known", async () => {
    const old = await makeKey();
    const { made } = await rotate((await makeKey()).id);
    await engine.store.kill();
    const { page } = await rotate(old.id, { name: "à mão" });
    expect(page.status).toBe(503);
    expect(page.text).toContain('value="à mão"');
    expect(page.text).not.toMatch(/\b[A-Za-z0-9]{40}\b/);
    for (const path of [keyPage(made.id), `${keyPage(old.id)}/rotation`]) {
      const shown = await owner.get(path, english);
      expect([path, shown.status]).toEqual([path, 200]);
    }
    await engine.store.start();
  });

  test("while a rotation is finished: its page says that the old key still works", async () => {
    const old = await makeKey();
    await rotate(old.id);
    await engine.store.kill();
    const finishing = await owner.post(`${keyPage(old.id)}/rotation/finishing`, {});
    expect(finishing.headers.get("Location")).toBe(`${keyPage(old.id)}/rotation`);
    const page = await owner.get(`${keyPage(old.id)}/rotation`, english);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining("The key still works until")]);
    expect(page.text).toContain("Ending");
    await engine.store.start();
  });
});

describe("who may", () => {
  test("a developer sees how far it is, and can decide nothing", async () => {
    const developer = await signedInMember(tenant.account, "developer");
    const old = await makeKey();
    expect((await developer.get(`${keyPage(old.id)}/rotation`)).status).toBe(403);
    await rotate(old.id);
    const rotation = `${keyPage(old.id)}/rotation`;
    const page = await developer.get(rotation, english);
    expect(page.status).toBe(200);
    for (const step of ["extension", "finishing", "undoing"]) {
      expect(page.text).not.toContain(`${rotation}/${step}`);
      expect((await developer.get(`${rotation}/${step}`)).status).toBe(403);
      expect((await developer.post(`${rotation}/${step}`, {})).status).toBe(403);
    }
    expect((await developer.post(rotation, {})).status).toBe(403);
  });

  test("a suspended account: the end may be brought forward or taken back, and not put off", async () => {
    const other = await engine.makeTenant();
    const visitor = await signedInMember(other.account, "owner");
    const old = await createAccessKey(other.owner, { name: "x", permission: "read", scope: "all" });
    const pages = `/accounts/${other.account.slug}/access-keys/${old.id}/rotation`;
    const started = await visitor.post(pages, { name: "y", overlap: "1", requestId: randomUUID() });
    expect(started.status).toBe(201);
    await queryAsOwner("UPDATE account SET state = 'suspended' WHERE id = $1", [other.account.id]);
    const page = await visitor.get(pages, english);
    expect(page.text).not.toContain(`${pages}/extension`);
    expect(page.text).toContain(`${pages}/finishing`);
    expect((await visitor.get(`${pages}/extension`)).status).toBe(422);
    expect((await visitor.post(`${pages}/undoing`, { newKey: "revoke" })).status).toBe(302);
  });

  test("a key that is not there, another account's, and no id at all are not found", async () => {
    const theirs = await engine.makeTenant();
    const foreign = await createAccessKey(theirs.owner, { name: "x", permission: "read", scope: "all" });
    for (const id of [randomUUID(), foreign.id, "none"])
      for (const step of ["", "/extension", "/finishing", "/undoing"])
        expect((await owner.get(`${keyPage(id)}/rotation${step}`)).status).toBe(404);
  });
});
