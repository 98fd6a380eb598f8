// Invitations over HTTP: what owners see, what each visitor of a link is offered, and what it leads to.
import { beforeAll, expect, test } from "vitest";
import { mintLinkToken } from "#app/domain/identity/link-tokens.ts";
import { localeCookie } from "#app/http/i18n.server.ts";
import { visitor as inTheirLanguage, type Visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser, signIn, type TestAccount } from "#tests/support/scenario.ts";

const english = (await localeCookie.serialize("en")).split(/[=;]/)[1] ?? "";

/** Somebody who reads English. */
function visitor(cookie?: string): Visitor {
  const who = inTheirLanguage(cookie);
  who.cookies.set(localeCookie.name, english);
  return who;
}

let account: TestAccount;
let owner: Visitor;
const password = "quatro pombas no varal";

beforeAll(async () => {
  account = await makeAccount();
  owner = visitor(await signIn(await makeMember(account, "owner")));
});

const newAddress = () => `${crypto.randomUUID()}@example.test`;
const invitePath = () => `/accounts/${account.slug}/invitations/new`;

/** Invites and answers both links' paths: the one that is shown and one as the mail has it. */
async function invite(email: string, role = "developer") {
  const answer = await owner.post(invitePath(), { email, role });
  expect(answer.status).toBe(201);
  const shown = /\/invitations\/[\w-]{43}/.exec(answer.text)?.[0] ?? "none";
  const [row] = await queryAsOwner<{ id: string }>(
    "SELECT id FROM invitation WHERE email = $1 AND state = 'pending'",
    [email],
  );
  const id = row?.id ?? "";
  return { id, shown, mailed: `/invitations/${await mintLinkToken("invitation", id)}` };
}

async function roleOf(email: string): Promise<string | undefined> {
  const rows = await queryAsOwner<{ role: string }>(
    `SELECT m.role FROM member m JOIN "user" u ON u.id = m.user_id WHERE u.email = $1 AND m.account_id = $2`,
    [email, account.id],
  );
  return rows[0]?.role;
}

test("14.2.1: the link is shown in the answer to the post alone, and that is kept nowhere", async () => {
  const email = newAddress();
  const { shown } = await invite(email);
  expect(shown).not.toBe("none");
  const again = await owner.post(invitePath(), { email, role: "developer" });
  expect(again.status).toBe(409);
  expect(again.text).toContain("already been invited");
  expect(again.text).not.toContain(shown);
  expect(again.headers.get("Cache-Control")).toBe("no-store");
  const list = await owner.get(`/accounts/${account.slug}/members`);
  expect(list.text).toContain(email);
  expect(list.text).not.toContain(shown);
});

test("somebody new makes their user by the mailed link and is in the account", async () => {
  const email = newAddress();
  const { mailed } = await invite(email);
  const person = visitor();
  const page = await person.get(mailed);
  expect(page.text).toContain("Create your user");
  const weak = await person.post(mailed, { name: "Ana Nova", password: "password1234" });
  expect([weak.status, await roleOf(email)]).toEqual([400, undefined]);
  const joined = await person.post(mailed, { name: "Ana Nova", password });
  expect([joined.status, joined.location]).toEqual([302, `/accounts/${account.slug}`]);
  expect((await person.get(`/accounts/${account.slug}`)).status).toBe(200);
  expect(await roleOf(email)).toBe("developer");
  // Used up.
  expect((await visitor().get(mailed)).status).toBe(422);
  // And the password is theirs from now on.
  const later = await visitor().post("/login", { email, password });
  expect([later.status, later.location]).toEqual([302, "/"]);
});

test("6.8.1: by the link that was passed on, somebody new is sent to their mail", async () => {
  const email = newAddress();
  const { id, shown } = await invite(email);
  const person = visitor();
  const page = await person.get(shown);
  expect(page.text).toContain("Continue with the link in the e-mail");
  expect((await person.post(shown, { name: "Not Ana", password })).status).toBe(422);
  expect(await queryAsOwner(`SELECT FROM "user" WHERE email = $1`, [email])).toEqual([]);
  const mailed = await person.post(`${shown}/mail`);
  expect([mailed.status, mailed.location]).toEqual([302, shown]);
  expect(
    await queryAsOwner("SELECT FROM email WHERE message = 'invitation' AND data->>'invitationId' = $1", [id]),
  ).toHaveLength(2);
});

test("whether the address has a user is told by the mailed link alone", async () => {
  const user = await makeUser();
  const { shown, mailed } = await invite(user.email);
  const stranger = await invite(newAddress());
  const [known, unknown] = [await visitor().get(shown), await visitor().get(stranger.shown)];
  for (const page of [known, unknown]) expect(page.text).toContain("Continue with the link in the e-mail");
  expect((await visitor().get(mailed)).text).toContain("You already have a user here");
  expect((await visitor().get(mailed)).text).toContain(`/login?returnTo=${encodeURIComponent(mailed)}`);
});

test("who is signed in with the invited address accepts with one button", async () => {
  const user = await makeUser();
  const { shown } = await invite(user.email, "billing");
  const person = visitor(await signIn(user));
  expect((await person.get(shown)).text).toContain("Accept");
  const joined = await person.post(shown);
  expect([joined.status, joined.location]).toEqual([302, `/accounts/${account.slug}`]);
  expect(await roleOf(user.email)).toBe("billing");
  expect((await person.post(shown)).status).toBe(422);
});

test("who is signed in with another address is told so, and comes back without that session", async () => {
  const user = await makeUser();
  const other = await makeUser();
  const { mailed } = await invite(user.email);
  const person = visitor(await signIn(other));
  const page = await person.get(mailed);
  expect(page.text).toContain(`You are signed in as ${other.email}`);
  expect(page.text).not.toContain("Create your user");
  expect((await person.post(mailed)).status).toBe(422);
  expect(await roleOf(other.email)).toBeUndefined();
  const out = await person.post("/logout", { returnTo: mailed });
  expect([out.status, out.location]).toEqual([302, mailed]);
  expect((await person.get(mailed)).text).toContain("You already have a user here");
});

test("3.7.2: signing out leads to our own pages only", async () => {
  const person = visitor(await signIn(await makeUser()));
  expect((await person.post("/logout", { returnTo: "//elsewhere.example/" })).location).toBe("/login");
});

test("looking at a link changes nothing, and a wrong one says what to do", async () => {
  const { mailed } = await invite(newAddress());
  for (let look = 0; look < 3; look += 1) expect((await visitor().get(mailed)).status).toBe(200);
  const wrong = await visitor().get(`/invitations/${"A".repeat(43)}`);
  expect([wrong.status, wrong.text.includes("This link is no longer valid")]).toEqual([422, true]);
});

test("declining asks first, needs no user, and is final", async () => {
  const { mailed } = await invite(newAddress());
  const person = visitor();
  expect((await person.get(`${mailed}/refusal`)).text).toContain("Decline the invitation");
  const declined = await person.post(`${mailed}/refusal`);
  expect([declined.status, declined.location]).toEqual([302, "/login"]);
  expect((await person.get(mailed)).status).toBe(422);
});

test("sending again and cancelling each have a page, and the old links are dead afterwards", async () => {
  const { id, shown } = await invite(newAddress());
  const base = `/accounts/${account.slug}/invitations/${id}`;
  expect((await owner.get(`${base}/resending`)).status).toBe(200);
  const again = await owner.post(`${base}/resending`);
  const next = /\/invitations\/[\w-]{43}/.exec(again.text)?.[0] ?? "none";
  expect([again.status, (await visitor().get(shown)).status, (await visitor().get(next)).status]).toEqual([
    201, 422, 200,
  ]);
  expect((await owner.get(`${base}/cancellation`)).status).toBe(200);
  expect((await owner.post(`${base}/cancellation`)).location).toBe(`/accounts/${account.slug}/members`);
  expect((await visitor().get(next)).status).toBe(422);
  expect((await owner.get(`${base}/resending`)).status).toBe(409);
});

test("6.3.3: whoever joins the staff is led to set up a second factor", async () => {
  const operator = await makeUser({ providerRole: "operator" });
  const email = newAddress();
  const [row] = await queryAsOwner<{ id: string }>(
    `INSERT INTO invitation (id, email, provider_role, locale, invited_by_id, expires_at)
     VALUES (gen_random_uuid(), $1, 'operator', 'en', $2, now() + interval '1 day') RETURNING id`,
    [email, operator.id],
  );
  const link = `/invitations/${await mintLinkToken("invitation", row?.id ?? "")}`;
  const person = visitor();
  expect((await person.get(link)).text).toContain("two-step verification");
  const joined = await person.post(link, { name: "Op", password });
  expect(joined.location).toBe("/admin");
  expect((await person.get("/admin")).location).toMatch(/^\/me\/security\/second-factor\/new\?returnTo=/);
});
