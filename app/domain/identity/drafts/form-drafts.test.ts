import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeUser } from "#tests/support/scenario.ts";
import { findFormDraft, forgetFormDraft, keepFormDraft } from "./form-drafts.ts";

const draft = (text: string, path = "/here?x=1") => ({
  path,
  fields: [["name", text]] as [string, string][],
});

test("is found again by its id, by the same person", async () => {
  const [user, other] = [await makeUser(), await makeUser()];
  const kept = {
    path: "/a?b=c",
    fields: [
      ["name", "ç 🪣"],
      ["buckets", "1"],
      ["buckets", "2"],
    ] as [string, string][],
  };
  const id = (await keepFormDraft(user.id, kept)) ?? "";
  expect(await findFormDraft(id, user.id)).toEqual(kept);
  expect(await findFormDraft(id, other.id)).toBeNull();
  expect(await findFormDraft(randomUUID(), user.id)).toBeNull();
});

test("11.3.3: lies encrypted in the database, and opens nowhere else", async () => {
  const user = await makeUser();
  const id = (await keepFormDraft(user.id, draft("in-clear", "/a"))) ?? "";
  const other = (await keepFormDraft(user.id, draft("another", "/b"))) ?? "";
  const rows = await queryAsOwner<{ text: string }>("SELECT f::text AS text FROM form_draft f");
  expect(rows.map(({ text }) => text).join()).not.toContain("in-clear");
  await queryAsOwner(
    "UPDATE form_draft SET fields_encrypted = (SELECT fields_encrypted FROM form_draft WHERE id = $1) WHERE id = $2",
    [id, other],
  );
  await expect(findFormDraft(other, user.id)).rejects.toThrow(/authenticate data/);
});

test("is gone after thirty minutes", async () => {
  const user = await makeUser();
  const id = (await keepFormDraft(user.id, draft("x"))) ?? "";
  const [row] = await queryAsOwner<{ minutes: number }>(
    "SELECT extract(epoch FROM expires_at - now())::float / 60 AS minutes FROM form_draft WHERE id = $1",
    [id],
  );
  expect(row?.minutes).toBeCloseTo(30, 0);
  await queryAsOwner("UPDATE form_draft SET expires_at = now() - interval '1 second' WHERE id = $1", [id]);
  expect(await findFormDraft(id, user.id)).toBeNull();
});

test("holds 64 KB and no more, in bytes", async () => {
  const user = await makeUser();
  const room = 64 * 1024 - JSON.stringify([["name", ""]]).length;
  expect(await keepFormDraft(user.id, draft("x".repeat(room)))).not.toBeNull();
  expect(await keepFormDraft(user.id, draft("x".repeat(room + 1)))).toBeNull();
  expect(await keepFormDraft(user.id, draft("ç".repeat(room / 2 + 1)))).toBeNull();
});

test("is not made of a form in which nothing was filled in", async () => {
  const user = await makeUser();
  expect(await keepFormDraft(user.id, draft(""))).toBeNull();
  expect(await keepFormDraft(user.id, { path: "/", fields: [] })).toBeNull();
});

test("takes the place of an older one of the same address, and of the oldest beyond five", async () => {
  const user = await makeUser();
  const first = (await keepFormDraft(user.id, draft("1"))) ?? "";
  await keepFormDraft(user.id, draft("2"));
  expect(await findFormDraft(first, user.id)).toBeNull();
  for (let number = 0; number < 8; number++) await keepFormDraft(user.id, draft("x", `/${number}`));
  const rows = await queryAsOwner<{ path: string }>(
    "SELECT path FROM form_draft WHERE user_id = $1 ORDER BY path",
    [user.id],
  );
  expect(rows.map(({ path }) => path)).toEqual(["/3", "/4", "/5", "/6", "/7"]);
});

test("is forgotten by who posted its form, and by nobody else", async () => {
  const [user, other] = [await makeUser(), await makeUser()];
  const id = (await keepFormDraft(user.id, draft("x", "/a"))) ?? "";
  expect(await forgetFormDraft(id, other.id, "/a")).toBe(false);
  expect(await forgetFormDraft(id, user.id, "/b")).toBe(false);
  expect(await findFormDraft(id, user.id)).not.toBeNull();
  expect(await forgetFormDraft(id, user.id, "/a")).toBe(true);
  expect(await findFormDraft(id, user.id)).toBeNull();
});
