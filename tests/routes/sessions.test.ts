// A person's sessions, over HTTP. Test names carry the ASVS 5.0 requirements that they hold.
import { createHash, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { hashPassword } from "#app/domain/identity/passwords/password.ts";
import { sessionCookie } from "#app/http/session.server.ts";
import { type Visitor, visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeUser, signIn, type TestUser } from "#tests/support/scenario.ts";

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async function idOf(who: Visitor): Promise<string> {
  const token = (await sessionCookie.parse(`session=${who.cookies.get("session")}`)) as string;
  const [row] = await queryAsOwner<{ id: string }>("SELECT id FROM session WHERE token_hash = $1", [
    createHash("sha256").update(token).digest(),
  ]);
  return row?.id ?? "";
}

const isSignedIn = async (who: Visitor) => (await who.get("/accounts")).status === 200;
const ending = (id: string) => `/me/sessions/${id}/ending`;

async function twoSessions(): Promise<{ user: TestUser; here: Visitor; there: Visitor }> {
  const user = await makeUser();
  return { user, here: visitor(await signIn(user)), there: visitor(await signIn(user)) };
}

test("7.5.2: the page lists each session with device, address, times, and which one this is", async () => {
  const password = "Correto Cavalo Bateria";
  const user = await makeUser({ passwordHash: await hashPassword(password) });
  await visitor(undefined, "192.0.2.77").post(
    "/login",
    { email: user.email, password },
    { "User-Agent": firefox },
  );
  const here = visitor(await signIn(user));
  const { text } = await here.get("/me/sessions", { "Accept-Language": "en" });
  expect(text).toContain("Firefox on Linux");
  expect(text).toContain("192.0.2.77");
  expect(text.match(/This session/g)).toHaveLength(1);
  expect(text).toContain("after 12 hours without use, and after 30 days");
  for (const id of await queryAsOwner<{ id: string }>("SELECT id FROM session WHERE user_id = $1", [user.id]))
    expect(text).toContain(ending(id.id));
});

test("7.5.2, 7.4.1: one session is ended, at once", async () => {
  const { here, there } = await twoSessions();
  const path = ending(await idOf(there));
  expect((await here.get(path)).status).toBe(200);
  expect(await isSignedIn(there)).toBe(true);
  const answer = await here.post(path);
  expect([answer.status, answer.location]).toEqual([302, "/me/sessions"]);
  expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([true, false]);
});

test("the session that one is in is ended like signing out", async () => {
  const { here, there } = await twoSessions();
  const before = here.cookies.get("session");
  const answer = await here.post(ending(await idOf(here)));
  expect(answer.location).toBe("/login");
  expect(here.cookies.get("session")).not.toBe(before);
  expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([false, true]);
});

test("8.2.2: another person's session, and none, are not found", async () => {
  const { here } = await twoSessions();
  const other = await twoSessions();
  for (const id of [await idOf(other.there), randomUUID(), "x"]) {
    expect((await here.get(ending(id))).status).toBe(404);
    expect((await here.post(ending(id))).status).toBe(404);
  }
  expect(await isSignedIn(other.there)).toBe(true);
});

test("7.5.2: signing out everywhere ends all others, or all", async () => {
  const { user, here, there } = await twoSessions();
  const bystander = visitor(await signIn(await makeUser()));
  const answer = await here.post("/me/sessions/ending", { scope: "others" });
  expect(answer.location).toBe("/me/sessions");
  expect([await isSignedIn(here), await isSignedIn(there), await isSignedIn(bystander)]).toEqual([
    true,
    false,
    true,
  ]);
  const again = visitor(await signIn(user));
  expect((await here.post("/me/sessions/ending", { scope: "all" })).location).toBe("/login");
  expect([await isSignedIn(here), await isSignedIn(again), await isSignedIn(bystander)]).toEqual([
    false,
    false,
    true,
  ]);
  expect((await again.post("/me/sessions/ending", { scope: "everybody" })).location).toContain("/login");
});

test("what is no choice is said on the form, and ends nothing", async () => {
  const { here, there } = await twoSessions();
  for (const fields of [{}, { scope: "everybody" }])
    expect((await here.post("/me/sessions/ending", fields as Record<string, string>)).status).toBe(400);
  expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([true, true]);
});

test("7.5.2: who was not asked for long who they are is asked first", async () => {
  const { user, here, there } = await twoSessions();
  await queryAsOwner(
    "UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE user_id = $1",
    [user.id],
  );
  for (const path of ["/me/sessions/ending", ending(await idOf(there))]) {
    const asked = `/reauthentication?returnTo=${encodeURIComponent(path)}`;
    expect((await here.get(path)).location).toBe(asked);
    expect((await here.post(path, { scope: "all" })).location).toBe(asked);
  }
  expect((await here.get("/me/sessions")).status).toBe(200);
  expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([true, true]);
});

test("14.3.2: nothing of the list is kept by a cache, and no page holds a session's token", async () => {
  const { here } = await twoSessions();
  const answer = await here.get("/me/sessions");
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  const token = (await sessionCookie.parse(`session=${here.cookies.get("session")}`)) as string;
  const hash = createHash("sha256").update(token).digest();
  for (const secret of [token, hash.toString("hex"), hash.toString("base64")])
    expect(answer.text).not.toContain(secret);
});
