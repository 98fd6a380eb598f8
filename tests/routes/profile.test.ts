// The pages about oneself: what they are called and where their clock is, the theme, the copy of their data, the end.
import { beforeEach, describe, expect, test } from "vitest";
import { type Visitor, visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser, signIn, type TestUser } from "#tests/support/scenario.ts";

let user: TestUser;
let who: Visitor;

beforeEach(async () => {
  user = await makeUser();
  who = visitor(await signIn(user));
  await who.post("/language", { locale: "en" });
});

describe("the profile", () => {
  test("is saved, and the next page comes in the language that was chosen", async () => {
    const answer = await who.post("/me/details", { name: "João", locale: "pt-BR", timeZone: "Asia/Tokyo" });
    expect([answer.status, answer.location]).toEqual([302, "/me"]);
    const me = await who.get("/me");
    expect(me.text).toContain('<html lang="pt-BR"');
    expect(me.text).toContain("Seu perfil foi salvo.");
    expect(me.text).toContain("Asia/Tokyo");
  });

  test("is refused with what was typed where a value is none", async () => {
    const answer = await who.post("/me/details", { name: "", locale: "en", timeZone: "Mars/Olympus" });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("Fill this in");
    expect(answer.text).toContain("Choose one of the options");
  });
});

describe("times", () => {
  const at = "2026-07-15T02:30:00Z";
  const setZone = (zone: string) =>
    queryAsOwner(`UPDATE "user" SET time_zone = $2 WHERE id = $1`, [user.id, zone]);
  const inTokyo = "Jul 15, 2026, 11:30";
  const inSaoPaulo = "Jul 14, 2026, 23:30";

  test("are shown in the reader's zone, or the installation's, and the page says in which", async () => {
    await queryAsOwner("UPDATE session SET created_at = $2 WHERE user_id = $1", [user.id, at]);
    const before = await who.get("/me/sessions");
    expect(before.text).toContain(inSaoPaulo);
    expect(before.text).toContain("Times are in Brasilia");
    await setZone("Asia/Tokyo");
    const after = await who.get("/me/sessions");
    expect(after.text).toContain(inTokyo);
    expect(after.text).not.toContain(inSaoPaulo);
    expect(after.text).toContain("Times are in Japan");
  });

  test("of days and months stay in the installation's: the end of a key's last day, and usage", async () => {
    const account = await makeAccount();
    user = await makeMember(account, "owner");
    who = visitor(await signIn(user));
    await who.post("/language", { locale: "en" });
    await setZone("Asia/Tokyo");
    await queryAsOwner(
      `INSERT INTO access_key (id, account_id, name, access_key_id, permission, all_buckets, state, request_id, created_at, expires_at)
       VALUES (gen_random_uuid(), $1, 'chave', 'AKIA', 'read_write', true, 'active', gen_random_uuid(), $2, '2027-07-01T02:59:59.999Z')`,
      [account.id, at],
    );
    const { text } = await who.get(`/accounts/${account.slug}/access-keys`);
    // Its last day is 30 June in São Paulo, where it is over at noon of 1 July in Tokyo.
    expect(text).toMatch(/Jun 30, 2027<\/time> \(Brasilia/);
    expect(text).toContain("Jul 15, 2026");
    const form = await who.get(`/accounts/${account.slug}/access-keys/new`);
    expect(form.text).toContain("The day ends in Brasilia");
  });

  test("are shown somehow in a zone that the server's tables do not have", async () => {
    await setZone("Mars/Olympus");
    expect((await who.get("/me/sessions")).status).toBe(200);
    expect((await who.get("/me/details")).status).toBe(200);
  });
});

describe("the theme", () => {
  const themeOf = (text: string) => /<html[^>]* data-theme="(\w+)"/.exec(text)?.[1];
  const colorScheme = (text: string) => /<meta name="color-scheme" content="([^"]+)"/.exec(text)?.[1];

  test("is chosen by strangers as well, stands in the document as it is sent, and leads back", async () => {
    const stranger = visitor();
    expect(themeOf((await stranger.get("/login")).text)).toBe("system");
    const answer = await stranger.post("/theme", { theme: "dark", returnTo: "/login?returnTo=%2Fme" });
    expect([answer.status, answer.location]).toEqual([302, "/login?returnTo=%2Fme"]);
    const { text } = await stranger.get("/login");
    expect([themeOf(text), colorScheme(text)]).toEqual(["dark", "dark"]);
    await stranger.post("/theme", { theme: "system" });
    expect(stranger.cookies.has("theme")).toBe(false);
    expect(colorScheme((await stranger.get("/login")).text)).toBe("light dark");
  });

  test("counts on error pages, for which no loader ran", async () => {
    await who.post("/theme", { theme: "light" });
    for (const path of ["/accounts/no-such-account", "/nowhere", "/admin"]) {
      const answer = await who.get(path);
      expect([path, answer.status >= 400, themeOf(answer.text)]).toEqual([path, true, "light"]);
    }
  });

  test("is one of ours, and changes nothing but a cookie of this browser", async () => {
    for (const theme of ["pink", "", '"><script>']) {
      await who.post("/theme", { theme });
      expect(themeOf((await who.get("/me")).text)).toBe("system");
    }
    who.cookies.set("theme", "%%%");
    expect(themeOf((await who.get("/me")).text)).toBe("system");
    const answer = await who.post("/theme", { theme: "dark" });
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith("theme="));
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
  });

  test.each(["//evil.example", "https://evil.example", "/\\evil.example"])(
    "3.7.2: not to %s",
    async (returnTo) => {
      expect((await who.post("/theme", { theme: "dark", returnTo })).location).toBe("/");
    },
  );
});

describe("the copy of one's data", () => {
  test("is a JSON file, kept by no cache", async () => {
    expect((await who.get("/me/data")).status).toBe(200);
    const answer = await who.get("/me/data/download");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toBe("application/json");
    expect(answer.headers.get("Content-Disposition")).toBe('attachment; filename="balde.json"');
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(answer.json()).toMatchObject({ profile: { email: user.email }, auditEvents: expect.any(Array) });
  });

  test("is given to who has just proved who they are", async () => {
    await queryAsOwner("UPDATE session SET authenticated_at = now() - interval '1 hour' WHERE user_id = $1", [
      user.id,
    ]);
    expect((await who.get("/me/data")).location).toBe("/reauthentication?returnTo=%2Fme%2Fdata");
    const answer = await who.get("/me/data/download");
    expect([answer.status, answer.location?.split("?")[0]]).toEqual([302, "/reauthentication"]);
    expect(answer.text).not.toContain(user.email);
  });
});

describe("closing", () => {
  test("says what goes and what stays, asks for the address, and ends every session", async () => {
    const elsewhere = visitor(await signIn(user));
    const page = await who.get("/me/closing");
    expect(page.text).toContain("Access keys and buckets that you created");
    const wrong = await who.post("/me/closing", { email: "other@example.test" });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain("This is not your e-mail address");
    const answer = await who.post("/me/closing", { email: user.email });
    expect([answer.status, answer.location]).toEqual([302, "/login"]);
    expect((await who.get("/login")).text).toContain("Your user was closed.");
    for (const visitorOf of [who, elsewhere]) expect((await visitorOf.get("/me")).status).toBe(302);
  });

  test("names the accounts that would be left without an owner, with the way to hand them over", async () => {
    const account = await makeAccount();
    const owner = visitor(await signIn(await makeMember(account, "owner")));
    const page = await owner.get("/me/closing");
    expect(page.text).toContain(`href="/accounts/${account.slug}/members"`);
    expect(page.text).not.toContain('name="email"');
  });
});

test("the way to each page about oneself is in the navigation", async () => {
  const { text } = await who.get("/me");
  for (const path of ["/accounts", "/notifications", "/me", "/me/security", "/me/sessions"])
    expect(text).toContain(`href="${path}"`);
  expect(text).toContain('href="/me/email"');
});
