// Members over HTTP: the pages of owners, and that a role counts, or no longer counts, from the next request on.
import { beforeEach, expect, test } from "vitest";
import { localeCookie } from "#app/http/i18n.server.ts";
import { visitor as inTheirLanguage, type Visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, signIn, type TestAccount, type TestUser } from "#tests/support/scenario.ts";

const english = (await localeCookie.serialize("en")).split(/[=;]/)[1] ?? "";

/** Somebody who reads English. */
function visitor(cookie?: string): Visitor {
  const who = inTheirLanguage(cookie);
  who.cookies.set(localeCookie.name, english);
  return who;
}

let account: TestAccount;
let owner: Visitor;
let ownerUser: TestUser;
let member: Visitor;
let memberUser: TestUser;
let page: string;

beforeEach(async () => {
  account = await makeAccount();
  ownerUser = await makeMember(account, "owner");
  owner = visitor(await signIn(ownerUser));
  memberUser = await makeMember(account, "admin");
  member = visitor(await signIn(memberUser));
  page = await pageOf(memberUser);
});

async function pageOf(user: TestUser): Promise<string> {
  const [row] = await queryAsOwner<{ id: string }>("SELECT id FROM member WHERE user_id = $1", [user.id]);
  return `/accounts/${account.slug}/members/${row?.id}`;
}

async function roleOf(user: TestUser): Promise<string | undefined> {
  const rows = await queryAsOwner<{ role: string }>("SELECT role FROM member WHERE user_id = $1", [user.id]);
  return rows[0]?.role;
}

test("owners see everybody and find them; others do not see the list", async () => {
  const list = `/accounts/${account.slug}/members`;
  const whole = await owner.get(list);
  for (const { email } of [ownerUser, memberUser]) expect(whole.text).toContain(email);
  const found = await owner.get(`${list}?q=${memberUser.email.slice(0, 9)}`);
  expect([found.text.includes(memberUser.email), found.text.includes(await pageOf(ownerUser))]).toEqual([
    true,
    false,
  ]);
  expect((await member.get(list)).status).toBe(403);
  expect((await member.get(`/accounts/${account.slug}`)).text).not.toContain(`href="${list}"`);
});

test("8.2.1: a member who was removed is out with the next request, in the session that they have", async () => {
  expect((await member.get(`/accounts/${account.slug}/buckets`)).status).toBe(200);
  const removed = await owner.post(`${page}/removal`);
  expect([removed.status, removed.location]).toEqual([302, `/accounts/${account.slug}/members`]);
  expect((await member.get(`/accounts/${account.slug}/buckets`)).status).toBe(404);
  expect((await member.json(`/api/accounts/${account.id}/buckets`, { name: "balde-novo" })).status).toBe(404);
  // They are still somebody.
  expect((await member.get("/accounts")).status).toBe(200);
});

test("removing offers to revoke the keys that the person made", async () => {
  expect((await owner.get(`${page}/removal`)).text).toContain("They created no access key");
  const keyId = crypto.randomUUID();
  await queryAsOwner(
    `INSERT INTO access_key (id, account_id, name, access_key_id, permission, all_buckets, state, request_id, created_by_id)
     VALUES ($1, $2, 'backup noturno', $3, 'read', true, 'active', gen_random_uuid(), $4)`,
    [keyId, account.id, keyId.slice(0, 18), memberUser.id],
  );
  const form = await owner.get(`${page}/removal`);
  expect(form.text).toContain("Also revoke the access key that they created");
  expect(form.text).toContain("backup noturno");
  await owner.post(`${page}/removal`, { revokeKeys: "on" });
  expect(await queryAsOwner("SELECT state FROM access_key WHERE id = $1", [keyId])).toEqual([
    { state: "revoking" },
  ]);
});

test("a changed role counts with the next request", async () => {
  expect((await member.get(`/accounts/${account.slug}/access-keys/new`)).status).toBe(200);
  expect((await owner.get(`${page}/role`)).text).toContain("Administrator");
  expect((await owner.post(`${page}/role`, { role: "auditor" })).location).toBe(page);
  expect((await member.get(`/accounts/${account.slug}/access-keys/new`)).status).toBe(403);
  expect((await owner.post(`${page}/role`, { role: "emperor" })).status).toBe(400);
  expect(await roleOf(memberUser)).toBe("auditor");
});

test("15.3.3: nobody gives themselves a role, and no field reaches what the form does not have", async () => {
  expect((await member.post(`${page}/role`, { role: "owner" })).status).toBe(403);
  expect((await member.post(`${page}/ownership`, { ownRole: "owner" })).status).toBe(403);
  await owner.post(`${page}/role`, { role: "billing", userId: ownerUser.id, accountId: crypto.randomUUID() });
  expect([await roleOf(memberUser), await roleOf(ownerUser)]).toEqual(["billing", "owner"]);
});

test("the last owner is told why they stay, on the page and in what they post", async () => {
  const leaving = `/accounts/${account.slug}/leaving`;
  expect((await owner.get(leaving)).text).toContain("You are the only owner");
  const refused = await owner.post(leaving);
  expect([refused.status, refused.text.includes("at least one owner")]).toEqual([422, true]);
  const own = await pageOf(ownerUser);
  expect((await owner.post(`${own}/role`, { role: "admin" })).status).toBe(422);
  expect((await owner.get(`${own}/removal`)).location).toBe(leaving);
  expect((await owner.post(`${own}/removal`)).location).toBe(leaving);
  expect(await roleOf(ownerUser)).toBe("owner");
});

test("everybody else may leave", async () => {
  const leaving = `/accounts/${account.slug}/leaving`;
  expect((await member.get(leaving)).text).toContain("Leave the account");
  expect((await member.post(leaving)).location).toBe("/accounts");
  expect((await member.get(`/accounts/${account.slug}`)).status).toBe(404);
});

test("the ownership is handed over, and the one who did sees the members no more", async () => {
  expect((await owner.get(`${page}/ownership`)).text).toContain("What you will be");
  expect((await owner.post(`${page}/ownership`, { ownRole: "admin" })).location).toBe(
    `/accounts/${account.slug}`,
  );
  expect([await roleOf(ownerUser), await roleOf(memberUser)]).toEqual(["admin", "owner"]);
  expect((await owner.get(`/accounts/${account.slug}/members`)).status).toBe(403);
  expect((await member.get(`/accounts/${account.slug}/members`)).status).toBe(200);
});

test("7.5.1: handing over asks who it is where that was long ago", async () => {
  await queryAsOwner("UPDATE session SET authenticated_at = now() - interval '1 hour' WHERE user_id = $1", [
    ownerUser.id,
  ]);
  for (const answer of [
    await owner.get(`${page}/ownership`),
    await owner.post(`${page}/ownership`, { ownRole: "admin" }),
  ]) {
    expect([answer.status, answer.location?.split("?")[0]]).toEqual([302, "/reauthentication"]);
  }
  expect(await roleOf(memberUser)).toBe("admin");
});

test("one person in many accounts finds each, and sees which one they are in", async () => {
  for (let count = 0; count < 12; count += 1) {
    const other = await makeAccount();
    await queryAsOwner(
      "INSERT INTO member (id, account_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, 'billing')",
      [other.id, memberUser.id],
    );
  }
  const all = await member.get("/accounts");
  expect(all.text.match(/href="\/accounts\/conta-/g)).toHaveLength(13);
  const found = await member.get(`/accounts?q=${encodeURIComponent(`Conta ${account.id.slice(0, 8)}`)}`);
  expect(found.text.match(/href="\/accounts\/conta-/g)).toHaveLength(1);
  expect((await member.get("/accounts?q=nothing-like-it")).text).toContain("None of your accounts matches");
  const inside = await member.get(`/accounts/${account.slug}`);
  expect(inside.text).toMatch(new RegExp(`<a[^>]*aria-current="true"[^>]*href="/accounts/${account.slug}"`));
});
