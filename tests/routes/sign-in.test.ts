// Sessions and signing in, over HTTP. Test names carry the ASVS 5.0 requirements that they hold.
import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { hashPassword } from "#app/domain/identity/passwords/password.ts";
import { sessionCookie } from "#app/http/session.server.ts";
import { type Answer, type Visitor, visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser, signIn, type TestUser } from "#tests/support/scenario.ts";

const password = "  Correto Cavalo Bateria ";
let user: TestUser;

beforeAll(async () => {
  user = await makeUser({ passwordHash: await hashPassword(password) });
});

const logIn = (who: Visitor, fields: Record<string, string>, path = "/login") => who.post(path, fields);

async function signedIn(): Promise<Visitor> {
  const who = visitor();
  await logIn(who, { email: user.email, password });
  return who;
}

/** The token in a visitor's signed cookie. */
async function tokenOf(who: Visitor): Promise<string> {
  return (await sessionCookie.parse(`session=${who.cookies.get("session")}`)) as string;
}

const sessionsOf = (tokenHash: Buffer) =>
  queryAsOwner<{ id: string; expires_in: number }>(
    "SELECT id, extract(epoch FROM expires_at - now())::float AS expires_in FROM session WHERE token_hash = $1",
    [tokenHash],
  );
const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** A page without what differs in any two answers: tokens, nonces, ids of requests, and the address typed. */
function withoutVariables(answer: Answer, email: string): string {
  return answer.text
    .replaceAll(email, "EMAIL")
    .replace(/name="formToken" value="[^"]*"/g, "")
    .replace(/\\"formToken\\",\\"[^"\\]*\\"/g, "")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID");
}

describe("signing in", () => {
  test("7.2.4: gives a new id, and the one from before is no session", async () => {
    const who = visitor();
    await who.get("/login");
    const before = who.cookies.get("session") ?? "";
    const answer = await logIn(who, { email: user.email, password });
    expect([answer.status, answer.location]).toEqual([302, "/"]);
    expect(who.cookies.get("session")).not.toBe(before);
    expect((await who.get("/accounts")).status).toBe(200);
    expect((await visitor(`session=${before}`).get("/accounts")).status).toBe(302);
  });

  test("7.2.4: signing in again gives another id", async () => {
    const who = await signedIn();
    const first = await tokenOf(who);
    await logIn(who, { email: user.email, password });
    expect(await tokenOf(who)).not.toBe(first);
  });

  test("7.2.3: the id has 256 random bits and the database holds its hash alone", async () => {
    const token = await tokenOf(await signedIn());
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    expect(await sessionsOf(sha256(token))).toHaveLength(1);
    const inClear = await queryAsOwner("SELECT 1 FROM session s WHERE strpos(s::text, $1) > 0", [token]);
    expect(inClear).toEqual([]);
  });

  test("3.3.2–3.3.4: the cookie is HttpOnly and Lax, for the whole site; on loopback not Secure", async () => {
    const answer = await logIn(visitor(), { email: user.email, password });
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith("session="));
    expect(cookie?.split("; ").slice(1).sort()).toEqual([
      "HttpOnly",
      "Max-Age=2592000",
      "Path=/",
      "SameSite=Lax",
    ]);
  });

  test("6.2.8: the password counts as typed: not trimmed, not cut, upper and lower case apart", async () => {
    for (const wrong of [password.trim(), password.toLowerCase(), `${password} `, password.slice(0, -1)])
      expect((await logIn(visitor(), { email: user.email, password: wrong })).status).toBe(401);
    const long = "çã 🪣".repeat(60);
    const other = await makeUser({ passwordHash: await hashPassword(long) });
    expect((await logIn(visitor(), { email: other.email, password: long })).status).toBe(302);
    expect((await logIn(visitor(), { email: other.email, password: long.slice(0, -2) })).status).toBe(401);
  });

  test("the address may be typed in any case", async () => {
    expect((await logIn(visitor(), { email: ` ${user.email.toUpperCase()} `, password })).status).toBe(302);
  });

  test("6.3.8: the answer is the same whether or not the address is known, and no session begins", async () => {
    const before = await queryAsOwner("SELECT count(*) FROM session");
    const unknown = "nobody@example.test";
    const disabled = await makeUser({ passwordHash: await hashPassword(password) });
    await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [disabled.id]);
    const answers = await Promise.all([
      logIn(visitor(), { email: user.email, password: "wrong password 1" }).then(
        (answer) => [answer, user.email] as const,
      ),
      logIn(visitor(), { email: unknown, password: "wrong password 1" }).then(
        (answer) => [answer, unknown] as const,
      ),
      logIn(visitor(), { email: disabled.email, password }).then(
        (answer) => [answer, disabled.email] as const,
      ),
    ]);
    const [known, ...others] = answers.map(([answer, email]) => [
      answer.status,
      withoutVariables(answer, email),
    ]);
    expect(known?.[0]).toBe(401);
    for (const other of others) expect(other).toEqual(known);
    expect(await queryAsOwner("SELECT count(*) FROM session")).toEqual(before);
  });

  test("a wrong password is not sent back with the form", async () => {
    const answer = await logIn(visitor(), { email: user.email, password: "never-to-be-seen-again" });
    expect(answer.text).toContain(user.email);
    expect(answer.text).not.toContain("never-to-be-seen-again");
  });

  test("16.3.1, 16.2.5: success and failure are in the log, with who, and without the password", async () => {
    await logIn(visitor(), { email: user.email, password: "wrong-and-not-logged" });
    const who = await signedIn();
    const events = await queryAsOwner<{ outcome: string; resource_id: string | null; email: string | null }>(
      `SELECT e.outcome, e.resource_id, p.values->>'email' AS email
       FROM audit_event e LEFT JOIN audit_personal p ON p.event_id = e.id
       WHERE e.action = 'sessions:create' AND (e.resource_id = $1 OR p.values->>'email' = $2)`,
      [user.id, user.email],
    );
    expect(events).toContainEqual({ outcome: "succeeded", resource_id: user.id, email: null });
    expect(events).toContainEqual({ outcome: "refused", resource_id: null, email: user.email });
    const everything = await queryAsOwner<{ text: string }>(
      "SELECT e::text AS text FROM audit_event e UNION ALL SELECT p::text FROM audit_personal p",
    );
    const log = everything.map(({ text }) => text).join("\n");
    for (const secret of ["wrong-and-not-logged", password, await tokenOf(who)])
      expect(log).not.toContain(secret);
  });
});

describe("3.7.2: after signing in, only to paths of ours", () => {
  const evil = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/a/..//evil.example",
    "/%2e//evil.example",
    "/.%2e//evil.example",
    "evil.example",
    "@evil.example",
    "http://localhost:3000.evil.example",
    "",
  ];
  test.each(evil)("%j", async (returnTo) => {
    const path = `/login?returnTo=${encodeURIComponent(returnTo)}`;
    const who = visitor();
    const answers = [
      await logIn(who, { email: user.email, password }, path),
      await who.get(path),
      await visitor().post("/language", { locale: "en", returnTo }),
    ];
    for (const { status, location } of answers) {
      // As a browser would resolve it: a path on our own site.
      expect([status, new URL(location ?? "", "http://localhost:3000/login").host]).toEqual([
        302,
        "localhost:3000",
      ]);
    }
  });

  test.each(["/accounts", "/accounts?after=1&b=%2F", "/accounts/x/buckets/../keys"])(
    "%s is ours",
    async (returnTo) => {
      const answer = await logIn(
        visitor(),
        { email: user.email, password },
        `/login?returnTo=${encodeURIComponent(returnTo)}`,
      );
      expect(answer.location).toBe(new URL(returnTo, "http://x").href.slice("http://x".length));
    },
  );
});

describe("the end of a session", () => {
  const age = (who: Visitor, sql: string) =>
    tokenOf(who).then((token) =>
      queryAsOwner(`UPDATE session SET ${sql} WHERE token_hash = $1`, [sha256(token)]),
    );

  test("7.3.1: twelve hours without a request", async () => {
    const who = await signedIn();
    await age(who, "last_seen_at = now() - interval '11 hours 59 minutes'");
    expect((await who.get("/accounts")).status).toBe(200);
    await age(who, "last_seen_at = now() - interval '12 hours 1 second'");
    expect((await who.get("/accounts")).status).toBe(302);
  });

  test("7.3.1: a request keeps it alive", async () => {
    const who = await signedIn();
    await age(who, "last_seen_at = now() - interval '11 hours'");
    await who.get("/accounts");
    const [row] = await queryAsOwner<{ recent: boolean }>(
      "SELECT last_seen_at > now() - interval '1 minute' AS recent FROM session WHERE token_hash = $1",
      [sha256(await tokenOf(who))],
    );
    expect(row?.recent).toBe(true);
  });

  test("7.3.2: thirty days, whatever is done with it", async () => {
    const who = await signedIn();
    const [session] = await sessionsOf(sha256(await tokenOf(who)));
    expect(session?.expires_in).toBeLessThanOrEqual(30 * 86_400);
    expect(session?.expires_in).toBeGreaterThan(30 * 86_400 - 60);
    await age(who, "expires_at = now() - interval '1 second'");
    expect((await who.get("/accounts")).status).toBe(302);
  });

  test("7.4.1: signing out ends it on the server", async () => {
    const who = await signedIn();
    const cookie = `session=${who.cookies.get("session")}`;
    const hash = sha256(await tokenOf(who));
    const answer = await who.post("/logout");
    expect([answer.status, answer.location]).toEqual([302, "/login"]);
    // The browser may be somebody else's next.
    expect(answer.headers.get("Clear-Site-Data")).toBe('"storage"');
    expect(await sessionsOf(hash)).toEqual([]);
    expect((await visitor(cookie).get("/accounts")).status).toBe(302);
    expect((await who.post("/logout")).status).toBe(302);
  });

  test("7.4.2: disabling a user ends theirs, on pages and on the API", async () => {
    const account = await makeAccount();
    const member = await makeMember(account, "owner");
    const who = visitor(await signIn(member));
    expect((await who.get(`/accounts/${account.slug}`)).status).toBe(200);
    await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [member.id]);
    expect((await who.get(`/accounts/${account.slug}`)).status).toBe(302);
    expect((await who.get(`/api/accounts/${account.id}`)).status).toBe(401);
  });

  test("a role that is taken away counts from the next request", async () => {
    const account = await makeAccount();
    const member = await makeMember(account, "owner");
    const who = visitor(await signIn(member));
    await queryAsOwner("DELETE FROM member WHERE user_id = $1", [member.id]);
    expect((await who.get(`/accounts/${account.slug}`)).status).toBe(404);
  });
});

test("14.3.2: what a page or the API answers is kept by no cache", async () => {
  const who = await signedIn();
  for (const path of ["/accounts", "/accounts/new", "/login", "/nowhere", "/api/accounts", "/api/nowhere"])
    expect([path, (await who.get(path)).headers.get("Cache-Control")]).toEqual([path, "no-store"]);
  expect((await who.post("/accounts/new")).headers.get("Cache-Control")).toBe("no-store");
  expect((await visitor().get("/accounts")).headers.get("Cache-Control")).toBe("no-store");
});

test("16.5.1: an address that is too much for a form says so on the form", async () => {
  const answer = await logIn(visitor(), { email: "a".repeat(300), password: "x" });
  expect(answer.status).toBe(400);
  expect(answer.text).not.toMatch(/zod|prisma|stack|node_modules/i);
});
