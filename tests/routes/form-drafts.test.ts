// A form that could not be taken is not lost: kept while its sender signs in, and shown again, filled in and not sent.
import { beforeEach, describe, expect, test } from "vitest";
import { hashPassword } from "#app/domain/identity/passwords/password.ts";
import { decrypt } from "#app/ports/encryption.server.ts";
import { type Answer, formTokenOf, type Visitor, visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser, newCpf, signIn, type TestUser } from "#tests/support/scenario.ts";

const password = "Correto Cavalo Bateria";
const passwordHash = await hashPassword(password);
const page = "/accounts/new";
const keptNotice = "What you typed is kept for 30 minutes";
const restored = "This is what you typed before";

let user: TestUser;
let who: Visitor;
/** What was typed, new for each test. */
let typed: { accountName: string; document: string };

beforeEach(async () => {
  user = await makeUser({ passwordHash });
  who = visitor(await signIn(user));
  // People read in English here, before they sign in and after.
  await who.post("/language", { locale: "en" });
  typed = { accountName: `Padaria ${user.id.slice(0, 8)}`, document: newCpf() };
});

/** Twelve hours without a request. */
const expire = () =>
  queryAsOwner("UPDATE session SET last_seen_at = now() - interval '13 hours' WHERE user_id = $1", [user.id]);
const logIn = (returnTo: string, as = user) =>
  who.post(`/login?returnTo=${encodeURIComponent(returnTo)}`, { email: as.email, password });
const drafts = () =>
  queryAsOwner<{ id: string; fields_encrypted: string }>("SELECT * FROM form_draft WHERE user_id = $1", [
    user.id,
  ]);
const accounts = () => queryAsOwner("SELECT 1 FROM member WHERE user_id = $1", [user.id]);

function expectFilledIn(answer: Answer): void {
  expect(answer.status).toBe(200);
  expect(answer.text).toContain(restored);
  expect(answer.text).toContain(`value="${typed.accountName}"`);
  expect(answer.text).toContain(`value="${typed.document}"`);
}

function expectEmpty(answer: Answer): void {
  expect(answer.status).toBe(200);
  expect(answer.text).not.toContain(restored);
  expect(answer.text).not.toContain(typed.accountName);
}

describe("a form that is posted with a session that is over", () => {
  test("leads to sign in, which says that the session has ended and what was typed is kept", async () => {
    await expire();
    const answer = await who.post(page, typed);
    expect([answer.status, answer.location]).toEqual([302, `/login?returnTo=${encodeURIComponent(page)}`]);
    const login = await who.get(answer.location ?? "");
    expect(login.text).toContain("Your session has ended.");
    expect(login.text).toContain(keptNotice);
    expect(login.text).not.toContain(typed.accountName);
  });

  test("stands there filled in, and says that it was not sent, when the same person is back", async () => {
    await expire();
    await who.post(page, typed);
    const back = await logIn(page);
    expect(back.location).toBe(page);
    expectFilledIn(await who.get(page));
    expect((await who.get(page)).text).toContain("It was not sent");
  });

  test("is never sent by itself", async () => {
    await expire();
    await who.post(page, typed);
    await logIn(page);
    await who.get(page);
    await who.get("/accounts");
    expect(await accounts()).toEqual([]);
  });

  test("is found by a browser's own navigation, too", async () => {
    await expire();
    const answer = await who.send(`${page}.data`, {
      method: "POST",
      body: new URLSearchParams(typed),
      headers: { Origin: "http://localhost:3000" },
    });
    expect(answer.text).toContain("/login?returnTo");
    expect(who.cookies.has("form-draft")).toBe(true);
    await logIn(page);
    expectFilledIn(await who.get(page));
  });

  test("is not lost by a client that says nothing of where it comes from (lynx)", async () => {
    const token = formTokenOf(await who.get(page));
    await expire();
    const bare = (fields: Record<string, string>) =>
      who.send(page, { method: "POST", body: new URLSearchParams(fields) });
    expect((await bare(typed)).status).toBe(403);
    expect(await drafts()).toEqual([]);
    const answer = await bare({ ...typed, formToken: token });
    expect(answer.location).toContain("/login");
    const login = await who.get(answer.location ?? "");
    await who.send(`/login?returnTo=${encodeURIComponent(page)}`, {
      method: "POST",
      body: new URLSearchParams({ email: user.email, password, formToken: formTokenOf(login) }),
    });
    expectFilledIn(await who.get(page));
  });

  test("is gone after it was posted", async () => {
    await expire();
    await who.post(page, typed);
    await logIn(page);
    const answer = await who.post(page, typed);
    expect(answer.status).toBe(302);
    expect(await accounts()).toHaveLength(1);
    expect(await drafts()).toEqual([]);
    expect(who.cookies.has("form-draft")).toBe(false);
    expectEmpty(await who.get(page));
  });

  test("is gone after it was posted and refused: the answer itself has what was typed", async () => {
    await expire();
    await who.post(page, typed);
    await logIn(page);
    const answer = await who.post(page, { ...typed, document: "1" });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`value="${typed.accountName}"`);
    expect(answer.text).not.toContain(restored);
    expectEmpty(await who.get(page));
  });

  test("is gone after thirty minutes", async () => {
    await expire();
    await who.post(page, typed);
    await logIn(page);
    await queryAsOwner("UPDATE form_draft SET expires_at = now() WHERE user_id = $1", [user.id]);
    expectEmpty(await who.get(page));
  });

  test("is nothing to another person who signs in in that browser, not even by posting there", async () => {
    const other = await makeUser({ passwordHash });
    await expire();
    await who.post(page, typed);
    await logIn(page, other);
    expectEmpty(await who.get(page));
    await who.post(page, { accountName: "Another", document: newCpf() });
    expect(await drafts()).toHaveLength(1);
    // And is still there for whose it is.
    await who.post("/logout");
    await logIn(page);
    expectFilledIn(await who.get(page));
  });

  test("is shown in its own page alone", async () => {
    await expire();
    await who.post(page, typed);
    await logIn(page);
    for (const elsewhere of ["/me/details", `${page}?x=1`]) {
      const answer = await who.get(elsewhere);
      expect([elsewhere, answer.text.includes(restored)]).toEqual([elsewhere, false]);
    }
  });

  test("opens for no other cookie", async () => {
    await expire();
    await who.post(page, typed);
    await logIn(page);
    const cookie = who.cookies.get("form-draft") ?? "";
    for (const forged of [`x${cookie}`, btoa(JSON.stringify((await drafts())[0]?.id)), "", "x"]) {
      who.cookies.set("form-draft", forged);
      expectEmpty(await who.get(page));
    }
    who.cookies.delete("form-draft");
    expectEmpty(await who.get(page));
  });

  test("is kept encrypted, without what is secret, by name", async () => {
    await expire();
    await who.post("/me/details", {
      name: "kept",
      password: "secret-1",
      newPassword: "secret-2",
      currentPassword: "secret-3",
      code: "secret-4",
      secretAccessKey: "harmless",
      clientSecret: "secret-5",
      recoveryCode: "secret-6",
      "a.token": "secret-7",
    });
    const [draft] = await drafts();
    expect(draft?.fields_encrypted).not.toContain("kept");
    const fields = decrypt(draft?.fields_encrypted ?? "", `form-draft:${draft?.id}`);
    expect(JSON.parse(fields)).toEqual([
      ["name", "kept"],
      ["secretAccessKey", "harmless"],
    ]);
  });

  test("of text alone: no files", async () => {
    await expire();
    const body = new FormData();
    body.append("accountName", typed.accountName);
    body.append("document", new File(["in-the-file"], "file.txt"));
    await who.send(page, { method: "POST", body, headers: { Origin: "http://localhost:3000" } });
    const [draft] = await drafts();
    const fields = decrypt(draft?.fields_encrypted ?? "", `form-draft:${draft?.id}`);
    expect(JSON.parse(fields)).toEqual([["accountName", typed.accountName]]);
  });

  test.each([
    ["longer than 64 KB", { accountName: "x".repeat(65 * 1024) }],
    ["that no form of ours could be", { "a[9999999]": "x" }],
    ["in which nothing was filled in", { accountName: "" }],
  ])("is not kept where it is one %s, and the page does not say so", async (_, fields) => {
    await expire();
    const answer = await who.post(page, fields);
    expect(await drafts()).toEqual([]);
    const login = await who.get(answer.location ?? "");
    expect(login.text).toContain("Your session has ended.");
    expect(login.text).not.toContain(keptNotice);
  });

  test("is not kept for a stranger, nor for a session that was ended on purpose", async () => {
    const stranger = visitor();
    expect((await stranger.post(page, typed)).location).toContain("/login");
    await queryAsOwner("DELETE FROM session WHERE user_id = $1", [user.id]);
    expect((await who.post(page, typed)).location).toContain("/login");
    expect(stranger.cookies.has("form-draft") || who.cookies.has("form-draft")).toBe(false);
    expect(await drafts()).toEqual([]);
  });

  test("is not kept for who was disabled", async () => {
    await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [user.id]);
    await expire();
    await who.post(page, typed);
    expect(await drafts()).toEqual([]);
  });
});

test("a page that is asked for with a session that is over leads to sign in, and says why", async () => {
  await expire();
  const answer = await who.get("/me/details");
  const login = await who.get(answer.location ?? "");
  expect(login.text).toContain("Your session has ended.");
  expect(login.text).not.toContain(keptNotice);
  expect(await drafts()).toEqual([]);
});

test("on the API it is a problem, and nothing is kept", async () => {
  const account = await makeAccount();
  user = await makeMember(account, "owner");
  who = visitor(await signIn(user));
  await expire();
  const answer = await who.json(`/api/accounts/${account.id}/buckets`, { name: "kept-nowhere" });
  expect(answer.status).toBe(401);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  expect(answer.json()).toMatchObject({ status: 401, code: "unauthenticated" });
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(await drafts()).toEqual([]);
});

test("a form that asks for a fresh proof of who somebody is comes back filled in after it", async () => {
  await queryAsOwner("UPDATE session SET authenticated_at = now() - interval '1 hour' WHERE user_id = $1", [
    user.id,
  ]);
  const answer = await who.post("/me/closing", { email: user.email });
  expect([answer.status, answer.location]).toEqual([
    302,
    `/reauthentication?returnTo=${encodeURIComponent("/me/closing")}`,
  ]);
  expect(
    await queryAsOwner(`SELECT 1 FROM "user" WHERE id = $1 AND closed_at IS NULL`, [user.id]),
  ).toHaveLength(1);
  expect((await who.get(answer.location ?? "")).text).toContain(keptNotice);
  await queryAsOwner("UPDATE session SET authenticated_at = now() WHERE user_id = $1", [user.id]);
  const back = await who.get("/me/closing");
  expect(back.text).toContain(restored);
  expect(back.text).toContain(`value="${user.email}"`);
});
