// Sign-in by OpenID Connect and OAuth 2.0, over HTTP: with a real provider (oidc-provider) and a hostile one
// (oauth2-mock-server). Test names carry the ASVS 5.0 requirements that they hold.
import { createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer } from "node:net";
import { Events, type MutableToken } from "oauth2-mock-server";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Answer, Visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startHostileProvider } from "#tests/support/hostile-provider.ts";
import { providerBrowser, startRealProvider } from "#tests/support/oidc-provider.ts";
import { startWebServer } from "#tests/support/web-server.ts";

const callbackAt = (id: string) => `http://localhost:3000/auth/${id}/callback`;
const real = await startRealProvider(callbackAt("corp"));
const hostile = await startHostileProvider();
const plain = await startHostileProvider();
/** Takes connections and never says a word. */
const silent = createServer();
await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
const silentAt = silent.address();

Object.assign(process.env, {
  SIGN_IN_PROVIDERS: "corp,hostile,plain,down,silent",
  SIGN_IN_CORP_NAME: "Corp",
  SIGN_IN_CORP_ISSUER: real.issuer,
  SIGN_IN_CORP_CLIENT_ID: real.clientId,
  SIGN_IN_CORP_CLIENT_SECRET: real.clientSecret,
  SIGN_IN_CORP_TRUSTED_DOMAINS: "corp.example, filial.corp.example",
  SIGN_IN_HOSTILE_NAME: "Hostile",
  SIGN_IN_HOSTILE_ISSUER: hostile.issuer,
  SIGN_IN_HOSTILE_CLIENT_ID: hostile.clientId,
  SIGN_IN_HOSTILE_CLIENT_SECRET: hostile.clientSecret,
  SIGN_IN_PLAIN_NAME: "Plain",
  SIGN_IN_PLAIN_AUTHORIZATION_ENDPOINT: `${plain.issuer}/authorize`,
  SIGN_IN_PLAIN_TOKEN_ENDPOINT: `${plain.issuer}/token`,
  SIGN_IN_PLAIN_USERINFO_ENDPOINT: `${plain.issuer}/userinfo`,
  SIGN_IN_PLAIN_CLIENT_ID: "plain",
  SIGN_IN_PLAIN_CLIENT_SECRET: "plain-secret",
  SIGN_IN_PLAIN_SUBJECT_CLAIM: "id",
  SIGN_IN_DOWN_NAME: "Down",
  SIGN_IN_DOWN_ISSUER: "http://127.0.0.1:9",
  SIGN_IN_DOWN_CLIENT_ID: "balde",
  SIGN_IN_SILENT_NAME: "Silent",
  SIGN_IN_SILENT_ISSUER: `http://127.0.0.1:${typeof silentAt === "object" ? silentAt?.port : 0}`,
  SIGN_IN_SILENT_CLIENT_ID: "balde",
});
const { publicUrl, visitor } = await import("#tests/support/app.ts");
const { giveSecondFactor, makeUser, newCpf, signIn, snapshot } = await import("#tests/support/scenario.ts");
const { mintSignUpToken } = await import("#app/domain/identity/sign-up/mint-sign-up-token.ts");

afterAll(async () => {
  silent.close();
  await Promise.all([real.stop(), hostile.server.stop(), plain.server.stop()]);
});

afterEach(() => {
  for (const provider of [hostile, plain]) provider.reset();
  vi.useRealTimers();
});

const english = { "Accept-Language": "en" };
const newSubject = () => randomBytes(6).toString("hex");
const newEmail = (domain = "example.test") => `${newSubject()}@${domain}`;

/** Presses a provider's button; answers the redirect to the provider. */
async function leave(who: Visitor, id: string, fields: Record<string, string> = {}): Promise<URL> {
  const answer = await who.post(`/auth/${id}`, fields, english);
  expect([answer.status, answer.location]).toEqual([302, expect.stringMatching(/^http:/)]);
  return new URL(answer.location ?? "");
}

/** Signs in there; answers the path that the provider sends the browser back to. */
async function comeBack(at: URL): Promise<string> {
  const back = await providerBrowser()(at.href);
  expect(back.origin).toBe(publicUrl);
  return back.pathname + back.search;
}

async function visit(who: Visitor, id: string, fields: Record<string, string> = {}): Promise<Answer> {
  return who.get(await comeBack(await leave(who, id, fields)), english);
}

const isSignedIn = async (who: Visitor) => (await who.get("/accounts")).status === 200;

/** A user with an identity at a provider. */
async function userWith(issuer: string, subject: string, values: Parameters<typeof makeUser>[0] = {}) {
  const user = await makeUser(values);
  await queryAsOwner(
    `INSERT INTO identity (id, user_id, provider, issuer, subject, label)
     VALUES (gen_random_uuid(), $1, 'x', $2, $3, 'label')`,
    [user.id, issuer, subject],
  );
  return user;
}

const identitiesOf = (userId: string) =>
  queryAsOwner<{ issuer: string; subject: string; provider: string; label: string }>(
    "SELECT issuer, subject, provider, label FROM identity WHERE user_id = $1 ORDER BY created_at",
    [userId],
  );
const mailsTo = (key: string, value: string) =>
  queryAsOwner<{ message: string }>(
    "SELECT message FROM email WHERE data->>$1 = $2 ORDER BY created_at, id",
    [key, value],
  );
const lastRefusal = async () =>
  (
    await queryAsOwner<{ action: string; code: string; details: Record<string, unknown> }>(
      "SELECT action, code, details FROM audit_event WHERE outcome = 'refused' ORDER BY occurred_at DESC, id DESC LIMIT 1",
    )
  )[0];

/** A page that says what happened, no session, and a line in the log. */
async function expectRefused(
  who: Visitor,
  answer: Answer,
  [code, reason, status = 422]: [code: string, reason: string, status?: number],
) {
  expect(await lastRefusal()).toMatchObject({ action: "sessions:create", code, details: { reason } });
  expect([answer.status, answer.text.includes("<h1")]).toEqual([status, true]);
  expect(await isSignedIn(who)).toBe(false);
}

describe("a real provider", () => {
  test("signs in who has an identity there, and goes on to where they were", async () => {
    const subject = newSubject();
    const user = await userWith(real.issuer, subject);
    real.signsIn = { sub: subject, email: newEmail(), emailVerified: false, name: "Maria" };
    const who = visitor();
    await who.get("/login");
    const before = who.cookies.get("session");
    const answer = await visit(who, "corp", { returnTo: "/accounts?after=1" });
    expect([answer.status, answer.location]).toEqual([302, "/accounts?after=1"]);
    expect(await isSignedIn(who)).toBe(true);
    // 7.2.4: another id than before.
    expect(who.cookies.get("session")).not.toBe(before);
    expect([...who.cookies.keys()].filter((name) => name.startsWith("sign-in-"))).toEqual([]);
    const [event] = await queryAsOwner(
      "SELECT outcome, details FROM audit_event WHERE action = 'sessions:create' AND resource_id = $1",
      [user.id],
    );
    expect(event).toEqual({ outcome: "succeeded", details: { provider: "corp" } });
  });

  test("10.2.1: is asked with a state, PKCE S256, a nonce, and our own address from the settings", async () => {
    const [first, second] = [await leave(visitor(), "corp"), await leave(visitor(), "corp")];
    const asked = Object.fromEntries(first.searchParams);
    expect(asked).toMatchObject({
      response_type: "code",
      client_id: real.clientId,
      redirect_uri: callbackAt("corp"),
      scope: "openid email profile",
      code_challenge_method: "S256",
    });
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(Buffer.from(asked[name] ?? "", "base64url")).toHaveLength(32);
      expect(second.searchParams.get(name)).not.toBe(asked[name]);
    }
  });

  test("10.2.1: only a form of ours begins a visit", async () => {
    const answer = await visitor().post("/auth/corp", {}, { Origin: "https://evil.example" });
    expect(answer.status).toBe(403);
    const who = visitor();
    expect((await who.get("/auth/corp", english)).text).toContain("Continue with Corp");
    expect([...who.cookies.keys()]).toEqual(["session"]);
  });

  test("6.3.4: a second factor is asked for as after a password", async () => {
    const subject = newSubject();
    const user = await userWith(real.issuer, subject);
    await giveSecondFactor(user);
    real.signsIn = { sub: subject, email: newEmail(), emailVerified: true, name: "Maria" };
    const who = visitor();
    const answer = await visit(who, "corp", { returnTo: "/accounts" });
    expect([answer.status, answer.location]).toEqual([302, "/login/second-factor?returnTo=%2Faccounts"]);
    expect((await who.get("/accounts")).location).toMatch(/^\/login\/second-factor/);
  });

  test("7.4.2: a disabled user is refused, with a page that says so", async () => {
    const subject = newSubject();
    const user = await userWith(real.issuer, subject);
    await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [user.id]);
    real.signsIn = { sub: subject, email: newEmail(), emailVerified: true, name: "Maria" };
    const who = visitor();
    const answer = await visit(who, "corp");
    expect(answer.status).toBe(422);
    expect(answer.text).toContain("This user cannot sign in");
    expect(await isSignedIn(who)).toBe(false);
  });

  test("consent denied: a page with a way on, in both languages, and no session", async () => {
    real.signsIn = null;
    const who = visitor();
    await expectRefused(who, await visit(who, "corp"), ["sign-in-declined", "access_denied"]);
    const again = await who.get(await comeBack(await leave(who, "corp")), { "Accept-Language": "pt-BR" });
    expect(again.text).toContain("Você não entrou");
    expect(again.text).toContain('action="/auth/corp"');
    expect(again.text).toContain('href="/login"');
  });

  test("two tabs at once both come back", async () => {
    const subject = newSubject();
    await userWith(real.issuer, subject);
    real.signsIn = { sub: subject, email: newEmail(), emailVerified: true, name: "Maria" };
    const who = visitor();
    const [one, other] = [await leave(who, "corp"), await leave(who, "corp")];
    for (const at of [one, other]) expect((await who.get(await comeBack(at))).location).toBe("/");
  });

  test("many visits begun leave few cookies", async () => {
    const who = visitor();
    for (let i = 0; i < 8; i++) await leave(who, "corp", { returnTo: `/accounts?${"x".repeat(900)}` });
    const kept = [...who.cookies].filter(([name]) => name.startsWith("sign-in-"));
    expect(kept).toHaveLength(4);
    expect(kept.map(([name, value]) => `${name}=${value}`).join("; ").length).toBeLessThan(12_000);
  });
});

test("3.4.3: forms may lead to the providers that are set up, and nowhere else", async () => {
  const web = await startWebServer();
  try {
    const { headers } = await web.ask("/login");
    const policy = String(headers["content-security-policy"]).split(";");
    const origins = [real, hostile, plain].map(({ issuer }) => issuer);
    const silentOrigin = process.env.SIGN_IN_SILENT_ISSUER;
    expect(policy.find((directive) => directive.startsWith("form-action "))).toBe(
      ["form-action 'self'", ...origins, "http://127.0.0.1:9", silentOrigin].join(" "),
    );
  } finally {
    await web.stop();
  }
});

describe("10.2.1: the state", () => {
  let who: Visitor;
  let path: string;

  beforeAll(() => {
    real.signsIn = { sub: newSubject(), email: newEmail(), emailVerified: true, name: "Maria" };
  });

  async function begin() {
    const subject = newSubject();
    await userWith(real.issuer, subject);
    real.signsIn = { sub: subject, email: newEmail(), emailVerified: true, name: "Maria" };
    who = visitor();
    path = await comeBack(await leave(who, "corp"));
  }

  test("missing or forged is refused, without a word to the provider", async () => {
    await begin();
    const forged = path.replace(/state=[^&]+/, `state=${randomBytes(32).toString("base64url")}`);
    for (const wrong of [
      forged,
      "/auth/corp/callback",
      "/auth/corp/callback?code=x",
      "/auth/corp/callback?state=",
    ])
      await expectRefused(who, await who.get(wrong, english), ["sign-in-expired", "unknown"]);
    // Which cost the right one nothing.
    expect((await who.get(path)).status).toBe(302);
  });

  test("belongs to the browser that began the visit", async () => {
    await begin();
    const attacked = visitor();
    await leave(attacked, "corp");
    await expectRefused(attacked, await attacked.get(path, english), ["sign-in-expired", "unknown"]);
  });

  test("belongs to the provider that the visit was for", async () => {
    await begin();
    const elsewhere = await who.get(path.replace("/corp/", "/hostile/"), english);
    await expectRefused(who, elsewhere, ["sign-in-expired", "unknown"]);
  });

  test("counts once, also with its cookie kept, and for one of two at once", async () => {
    await begin();
    const twice = [visitor(), visitor()];
    for (const copy of twice) for (const [name, value] of who.cookies) copy.cookies.set(name, value);
    const answers = await Promise.all(twice.map((copy) => copy.get(path, english)));
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 422]);
    const third = visitor();
    for (const [name, value] of who.cookies) third.cookies.set(name, value);
    await expectRefused(third, await third.get(path, english), ["sign-in-expired", "used"]);
  });

  test("is worth nothing after ten minutes", async () => {
    who = visitor();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 10 * 60_000 - 1_000 });
    const at = await leave(who, "corp");
    vi.useRealTimers();
    const answer = await who.get(await comeBack(at), english);
    await expectRefused(who, answer, ["sign-in-expired", "unknown"]);
    expect(answer.text).toContain("This sign-in is no longer valid");
  });

  test("cannot be read or changed in the browser", async () => {
    await begin();
    const [name, value = ""] = [...who.cookies].find(([key]) => key.startsWith("sign-in-")) ?? [];
    const text = Buffer.from(decodeURIComponent(value), "base64").toString();
    for (const secret of ["nonce", "codeVerifier", "returnTo"]) expect(text).not.toContain(secret);
    who.cookies.set(name ?? "", value.slice(0, -9) + (value.at(-9) === "A" ? "B" : "A") + value.slice(-8));
    await expectRefused(who, await who.get(path, english), ["sign-in-expired", "unknown"]);
  });

  test("16.3.1: many failures from one network are slowed down, and those of others are not", async () => {
    const network = "198.51.100.7";
    const answers: number[] = [];
    for (let i = 0; i < 52; i++) {
      const attacker = visitor(undefined, network);
      answers.push((await attacker.get("/auth/corp/callback?state=x&code=y")).status);
    }
    expect([...new Set(answers)]).toEqual([422, 429]);
    await begin();
    expect((await who.get(path)).status).toBe(302);
  });
});

describe("a hostile provider", () => {
  const victim = newSubject();

  beforeAll(async () => {
    await userWith(hostile.issuer, victim);
  });

  async function attack(claims: Record<string, unknown> = {}): Promise<[Visitor, Answer]> {
    hostile.claims = { sub: victim, ...claims };
    hostile.userinfo = { sub: hostile.claims.sub, ...hostile.userinfo };
    const who = visitor();
    return [who, await visit(who, "hostile")];
  }

  test("is believed where all is right", async () => {
    const [who, answer] = await attack();
    expect(answer.status).toBe(302);
    expect(await isSignedIn(who)).toBe(true);
  });

  const now = () => Math.floor(Date.now() / 1_000);
  test.each<[string, Record<string, unknown>, string]>([
    ["10.5.4: for another client", { aud: "somebody-else" }, "aud"],
    ["10.5.4: for nobody", { aud: null }, "aud"],
    ["10.5.4: for several, and not made for us", { aud: ["balde", "other"], azp: "other" }, "azp"],
    ["10.5.4: for several, and it does not say for whom", { aud: ["balde", "other"] }, "azp"],
    ["10.5.4: made for another client", { azp: "other" }, "azp"],
    ["10.5.3: of another issuer", { iss: "https://accounts.example.com" }, "iss"],
    ["10.5.3: of an issuer alike", { iss: `${hostile.issuer}/` }, "iss"],
    ["10.5.1: with another nonce", { nonce: "A".repeat(43) }, "nonce"],
    ["10.5.1: without a nonce", { nonce: null }, "nonce"],
    ["expired", { exp: now() - 120 }, "exp"],
    ["without an end", { exp: null }, "exp"],
    ["not valid yet", { nbf: now() + 600 }, "nbf"],
    ["of yesterday", { iat: now() - 86_400 }, "iat"],
    ["of tomorrow", { iat: now() + 86_400 }, "iat"],
    ["10.5.2: about nobody", { sub: null }, "sub"],
    ["10.5.2: about nobody in particular", { sub: "" }, "sub"],
    ["10.5.2: about a list", { sub: [victim] }, "sub"],
    ["10.5.2: about what PostgreSQL cannot hold", { sub: "a\u0000b" }, "sub"],
  ])("an ID token %s is refused", async (_, claims, reason) => {
    const [who, answer] = await attack(claims);
    await expectRefused(who, answer, ["provider-refused", reason]);
    expect(answer.text).toContain("We could not sign you in");
  });

  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const otherKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const keyId = () => hostile.server.issuer.keys.get()?.kid;
  const forgeries: [string, (claims: Record<string, unknown>) => string, string][] = [
    [
      "signed with another key",
      (claims) => {
        const head = `${encode({ alg: "RS256", kid: keyId() })}.${encode(claims)}`;
        return `${head}.${sign("sha256", Buffer.from(head), otherKey).toString("base64url")}`;
      },
      "jws_signature_verification_failed",
    ],
    [
      "signed with a key that the provider does not have",
      (claims) => {
        const head = `${encode({ alg: "RS256", kid: "unheard-of" })}.${encode(claims)}`;
        return `${head}.${sign("sha256", Buffer.from(head), otherKey).toString("base64url")}`;
      },
      "jwks_no_matching_key",
    ],
    ["with alg none", (claims) => `${encode({ alg: "none" })}.${encode(claims)}.`, "jose_alg_not_allowed"],
    [
      "signed with the client's secret (HS256)",
      (claims) => {
        const head = `${encode({ alg: "HS256", kid: keyId() })}.${encode(claims)}`;
        return `${head}.${createHmac("sha256", hostile.clientSecret).update(head).digest("base64url")}`;
      },
      "jose_alg_not_allowed",
    ],
    [
      "that names its own key",
      (claims) => {
        const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
        const jwk = publicKey.export({ format: "jwk" });
        const head = `${encode({ alg: "RS256", kid: "own", jwk })}.${encode(claims)}`;
        return `${head}.${sign("sha256", Buffer.from(head), privateKey).toString("base64url")}`;
      },
      "jwks_no_matching_key",
    ],
    ["that is none", () => "not.a.token", "jws_invalid"],
  ];
  test.each(forgeries)("10.5.1: an ID token %s is refused", async (_, forge, reason) => {
    hostile.forge = forge;
    const [who, answer] = await attack();
    await expectRefused(who, answer, ["provider-refused", reason]);
  });

  test("a tampered ID token is refused", async () => {
    let whole = "";
    hostile.forge = (claims) => {
      const [head, , signature] = whole.split(".");
      return `${head}.${encode({ ...claims, sub: victim })}.${signature}`;
    };
    const keep = ({ body }: { body: unknown }) => {
      whole = String((body as { id_token: unknown }).id_token);
    };
    hostile.server.service.prependOnceListener(Events.BeforeResponse, keep);
    const [who, answer] = await attack({ sub: newSubject() });
    await expectRefused(who, answer, ["provider-refused", "jws_signature_verification_failed"]);
  });

  test("10.5.3: an answer that names another issuer is refused (RFC 9207)", async () => {
    hostile.answer = { iss: real.issuer };
    const [who, answer] = await attack();
    await expectRefused(who, answer, ["provider-refused", "iss"]);
  });

  test("10.5.2: a userinfo answer about somebody else is refused", async () => {
    hostile.userinfo = { sub: "somebody-else", email: newEmail("corp.example"), email_verified: true };
    const [who, answer] = await attack();
    await expectRefused(who, answer, ["provider-refused", "userinfo-sub"]);
  });

  test("an error of its own is not repeated to the reader", async () => {
    hostile.answer = { error: "<script>alert(1)</script>", error_description: "call 555-1234" };
    const [who, answer] = await attack();
    await expectRefused(who, answer, ["provider-refused", "error"]);
    // But for the page's own address, to come back to in another language.
    const text = answer.text.replace(/name="returnTo" value="[^"]*"/g, "");
    expect(text).not.toContain("555-1234");
    expect(text).not.toContain("alert(1)");
  });

  test("a key that is new to us is fetched", async () => {
    await attack();
    // Half a minute later: until then a provider is not asked for its keys again.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 40_000 });
    const { kid } = await hostile.server.issuer.keys.generate("ES256");
    const used = new Set<unknown>();
    hostile.server.service.on(Events.BeforeTokenSigning, ({ header }: MutableToken) => used.add(header.kid));
    // It takes its keys in turn.
    const answers = [(await attack())[1], (await attack())[1], (await attack())[1]];
    expect(answers.map(({ status }) => status)).toEqual([302, 302, 302]);
    expect(used).toContain(kid);
  });

  test("16.2.5: no token, code or secret is in the audit log", async () => {
    const log = await queryAsOwner<{ text: string }>(
      "SELECT e::text AS text FROM audit_event e UNION ALL SELECT p::text FROM audit_personal p",
    );
    const text = log.map((row) => row.text).join("\n");
    for (const secret of ["eyJ", hostile.clientSecret, real.clientSecret, "code_verifier"])
      expect(text).not.toContain(secret);
  });
});

describe("6.8.1: who somebody is", () => {
  test("is issuer and subject: the same subject at another provider is somebody else", async () => {
    const subject = newSubject();
    const user = await userWith(real.issuer, subject);
    hostile.claims = { sub: subject };
    hostile.userinfo = { sub: subject };
    const who = visitor();
    expect((await visit(who, "hostile")).location).toBe("/signup/provider");
    expect(await isSignedIn(who)).toBe(false);
    expect(await identitiesOf(user.id)).toHaveLength(1);
  });

  test("an unverified address of a victim's links nothing, and leads to a sign-up that mails the victim", async () => {
    const victim = await makeUser({ email: newEmail("corp.example") });
    real.signsIn = { sub: newSubject(), email: victim.email, emailVerified: false, name: "Mallory" };
    await expectStrangersSignUp("corp", victim);
  });

  test("a verified address counts for nothing where the provider is not trusted with its domain", async () => {
    const victim = await makeUser({ email: newEmail("corp.example") });
    hostile.claims = { sub: newSubject(), email: victim.email, email_verified: true };
    await expectStrangersSignUp("hostile", victim);
  });

  test.each(["corp.example.evil.test", "evilcorp.example", "sub.corp.example"])(
    "nor where the domain only looks like one: %s",
    async (domain) => {
      const victim = await makeUser({ email: newEmail(domain) });
      real.signsIn = { sub: newSubject(), email: victim.email, emailVerified: true, name: "Mallory" };
      await expectStrangersSignUp("corp", victim);
    },
  );

  async function expectStrangersSignUp(id: string, victim: { id: string; email: string }) {
    const who = visitor();
    const before = await snapshot();
    const answer = await visit(who, id);
    expect([answer.status, answer.location]).toEqual([302, "/signup/provider"]);
    // But that the state was used.
    expect({ ...(await snapshot()), "public.used_state": "" }).toEqual({
      ...before,
      "public.used_state": "",
    });
    expect(await isSignedIn(who)).toBe(false);
    const form = { name: "M", email: victim.email, accountName: "Loja", document: newCpf() };
    const sent = await who.post("/signup/provider", form);
    expect([sent.status, sent.location]).toEqual([302, "/signup/sent"]);
    expect(await mailsTo("userId", victim.id)).toEqual([{ message: "sign-up-attempt" }]);
    expect(await identitiesOf(victim.id)).toEqual([]);
    expect(await queryAsOwner("SELECT 1 FROM sign_up WHERE email = $1", [victim.email])).toEqual([]);
  }

  test("a verified address of a trusted domain links the user of it, who is told", async () => {
    const user = await makeUser({ email: newEmail("corp.example") });
    const sub = newSubject();
    real.signsIn = { sub, email: user.email.toUpperCase(), emailVerified: true, name: "Maria" };
    const who = visitor();
    expect((await visit(who, "corp")).location).toBe("/");
    expect(await isSignedIn(who)).toBe(true);
    expect(await identitiesOf(user.id)).toEqual([
      { issuer: real.issuer, subject: sub, provider: "corp", label: user.email },
    ]);
    expect(await mailsTo("userId", user.id)).toEqual([{ message: "identity-linked" }]);
    // From then on whatever the address.
    real.signsIn = { sub, email: newEmail(), emailVerified: false, name: "Maria" };
    const later = visitor();
    await visit(later, "corp");
    expect(await isSignedIn(later)).toBe(true);
  });
});

test("6.8.1: who was given a former colleague's address is not the colleague", async () => {
  const email = newEmail("corp.example");
  const colleague = await userWith(real.issuer, newSubject(), { email });
  real.signsIn = { sub: newSubject(), email, emailVerified: true, name: "Somebody new" };
  const who = visitor();
  expect((await visit(who, "corp")).location).toBe("/signup/provider");
  expect(await isSignedIn(who)).toBe(false);
  expect(await identitiesOf(colleague.id)).toHaveLength(1);
});

describe("signing up", () => {
  test("with a proven address: user, identity and pending account at once", async () => {
    const email = newEmail("corp.example");
    real.signsIn = { sub: newSubject(), email, emailVerified: true, name: "João da Silva" };
    const who = visitor();
    await visit(who, "corp");
    const page = await who.get("/signup/provider", english);
    expect(page.text).toContain("João da Silva");
    expect(page.text).not.toContain('name="email"');
    // Another address in the form counts for nothing (15.3.3).
    const form = { name: "João da Silva", email: newEmail(), accountName: "Padaria", document: newCpf() };
    const answer = await who.post("/signup/provider", form);
    expect([answer.status, answer.location]).toEqual([302, "/accounts"]);
    expect(await isSignedIn(who)).toBe(true);
    const rows = await queryAsOwner<{ state: string; role: string; password_hash: string | null }>(
      `SELECT a.state, m.role, u.password_hash FROM account a JOIN member m ON m.account_id = a.id
       JOIN "user" u ON u.id = m.user_id WHERE u.email = $1`,
      [email],
    );
    expect(rows).toEqual([{ state: "pending", role: "owner", password_hash: null }]);
    const welcomes = await queryAsOwner(
      `SELECT e.id FROM email e JOIN "user" u ON u.id::text = e.data ->> 'userId'
       WHERE e.message = 'welcome' AND u.email = $1`,
      [email],
    );
    expect(welcomes).toHaveLength(1);
    // The proof is used up.
    expect((await who.get("/signup/provider")).location).toBe("/login");
  });

  test("with any other address: confirmed by its link and the same identity", async () => {
    const email = newEmail();
    const sub = newSubject();
    real.signsIn = { sub, email: "not an address", emailVerified: true, name: "Ana" };
    const who = visitor();
    await visit(who, "corp");
    const form = { name: "Ana", email, accountName: "Loja da Ana", document: newCpf() };
    expect((await who.post("/signup/provider", form)).location).toBe("/signup/sent");
    expect(await queryAsOwner(`SELECT 1 FROM "user" WHERE email = $1`, [email])).toEqual([]);
    const [signUp] = await queryAsOwner<{ id: string }>("SELECT id FROM sign_up WHERE email = $1", [email]);
    expect(await mailsTo("signUpId", signUp?.id ?? "")).toEqual([{ message: "verify-email" }]);
    const token = (await mintSignUpToken(signUp?.id ?? ""))?.token ?? "";
    const link = `/verify-email/${token}`;

    const reader = visitor();
    const page = await reader.get(link, english);
    expect(page.text).toContain("Confirm with Corp");
    expect(page.text).not.toContain('type="password"');
    // A password opens nothing where none was chosen.
    expect((await reader.post(link, { password: "any password at all" })).status).toBe(422);

    // The holder of the address who never signed up has another identity, and confirms nothing.
    const confirm = { purpose: "confirm-sign-up", signUpToken: token };
    real.signsIn = { sub: newSubject(), email, emailVerified: true, name: "Somebody else" };
    const wrong = await visit(reader, "corp", confirm);
    expect([wrong.status, wrong.text.includes("That was somebody else")]).toEqual([422, true]);
    expect(await isSignedIn(reader)).toBe(false);

    real.signsIn = { sub, email: "not an address", emailVerified: true, name: "Ana" };
    const done = await visit(reader, "corp", confirm);
    expect([done.status, done.location]).toEqual([302, "/accounts"]);
    expect(await isSignedIn(reader)).toBe(true);
    expect((await visitor().get(link)).status).toBe(422);
    expect((await visit(visitor(), "corp")).location).toBe("/");
  });

  test("without a proof from a provider there is no such page", async () => {
    for (const answer of [await visitor().get("/signup/provider"), await visitor().post("/signup/provider")])
      expect([answer.status, answer.location]).toEqual([302, "/login"]);
  });

  test("somebody who has an invitation goes back to it", async () => {
    real.signsIn = { sub: newSubject(), email: newEmail(), emailVerified: true, name: "Ana" };
    const who = visitor();
    expect((await visit(who, "corp", { returnTo: "/invitations/abc" })).location).toBe("/invitations/abc");
    expect(who.cookies.has("pending-identity")).toBe(true);
  });
});

describe("linking and unlinking", () => {
  const page = "/me/security/identities";
  const passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA";
  const link = { purpose: "link", returnTo: page };

  test("a person who is signed in links an identity, and is told", async () => {
    const user = await makeUser({ passwordHash });
    const sub = newSubject();
    real.signsIn = { sub, email: newEmail(), emailVerified: false, name: "Maria" };
    const who = visitor(await signIn(user));
    const answer = await visit(who, "corp", link);
    expect([answer.status, answer.location]).toEqual([302, page]);
    expect(await identitiesOf(user.id)).toMatchObject([{ issuer: real.issuer, subject: sub }]);
    expect(await mailsTo("userId", user.id)).toEqual([{ message: "identity-linked" }]);
    expect((await who.get(page, english)).text).toContain("Corp is linked");
    expect((await visit(who, "corp", link)).location).toBe(page);
    expect(await identitiesOf(user.id)).toHaveLength(1);
  });

  test("an identity of somebody else's cannot be linked", async () => {
    const subject = newSubject();
    await userWith(real.issuer, subject);
    const user = await makeUser({ passwordHash });
    real.signsIn = { sub: subject, email: newEmail(), emailVerified: true, name: "Maria" };
    const answer = await visit(visitor(await signIn(user)), "corp", link);
    expect([answer.status, answer.text.includes("This is already linked")]).toEqual([409, true]);
    expect(await identitiesOf(user.id)).toEqual([]);
  });

  test("only by the person who began it", async () => {
    real.signsIn = { sub: newSubject(), email: newEmail(), emailVerified: true, name: "Maria" };
    const [one, other] = [await makeUser({ passwordHash }), await makeUser({ passwordHash })];
    const who = visitor(await signIn(one));
    const path = await comeBack(await leave(who, "corp", link));
    const [, value = ""] = /^session=([^;]+)/.exec(await signIn(other)) ?? [];
    who.cookies.set("session", value);
    expect((await who.get(path)).status).toBe(422);
    for (const user of [one, other]) expect(await identitiesOf(user.id)).toEqual([]);
  });

  test("strangers sign in first; who is signed in for long proves who they are first (7.5.1)", async () => {
    expect((await visitor().post("/auth/corp", link)).status).toBe(401);
    const user = await makeUser({ passwordHash });
    const who = visitor(await signIn(user));
    const age = "UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE user_id = $1";
    await queryAsOwner(age, [user.id]);
    const again = `/reauthentication?returnTo=${encodeURIComponent(page)}`;
    expect((await who.post("/auth/corp", link)).location).toBe(again);
    // A file where a path should be is no failure of ours.
    const body = new FormData();
    body.append("purpose", "link");
    body.append("returnTo", new File(["x"], "x.txt"));
    const odd = await who.send("/auth/corp", { method: "POST", body, headers: { Origin: publicUrl } });
    expect(odd.location).toBe("/reauthentication");
  });

  test("unlinking: a page, a mail, and never the last way in", async () => {
    const user = await userWith(real.issuer, newSubject());
    await queryAsOwner("UPDATE identity SET provider = 'corp' WHERE user_id = $1", [user.id]);
    const who = visitor(await signIn(user));
    const [{ id } = { id: "" }] = await queryAsOwner<{ id: string }>(
      "SELECT id FROM identity WHERE user_id = $1",
      [user.id],
    );
    const removal = `${page}/${id}/removal`;
    expect((await who.get(removal, english)).text).toContain("Unlink Corp?");
    const refused = await who.post(removal, {}, english);
    expect([refused.status, refused.text.includes("the only way in")]).toEqual([422, true]);
    expect(await identitiesOf(user.id)).toHaveLength(1);

    await queryAsOwner(`UPDATE "user" SET password_hash = $2 WHERE id = $1`, [user.id, passwordHash]);
    const stranger = visitor(await signIn(await makeUser()));
    expect((await stranger.get(removal)).status).toBe(404);
    expect((await stranger.post(removal)).status).toBe(404);
    expect((await who.post(removal)).location).toBe(page);
    expect(await identitiesOf(user.id)).toEqual([]);
    expect(await mailsTo("userId", user.id)).toEqual([{ message: "identity-unlinked" }]);
  });

  test("two last ways in, taken away at once: one stays", async () => {
    const user = await makeUser();
    for (const [provider, issuer] of [
      ["corp", real.issuer],
      ["hostile", hostile.issuer],
    ]) {
      await queryAsOwner(
        `INSERT INTO identity (id, user_id, provider, issuer, subject, label)
         VALUES (gen_random_uuid(), $1, $2, $3, $4, 'label')`,
        [user.id, provider, issuer, newSubject()],
      );
    }
    const ids = await queryAsOwner<{ id: string }>("SELECT id FROM identity WHERE user_id = $1", [user.id]);
    const cookie = await signIn(user);
    const answers = await Promise.all(ids.map(({ id }) => visitor(cookie).post(`${page}/${id}/removal`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 422]);
    expect(await identitiesOf(user.id)).toHaveLength(1);
  });
});

describe("7.5.1: proving again who one is", () => {
  const purpose = { purpose: "reauthenticate", returnTo: "/me" };
  const old = (userId: string) =>
    queryAsOwner("UPDATE session SET authenticated_at = now() - interval '1 hour' WHERE user_id = $1", [
      userId,
    ]);
  const isFresh = async (userId: string) =>
    (
      await queryAsOwner<{ fresh: boolean }>(
        "SELECT authenticated_at > now() - interval '1 minute' AS fresh FROM session WHERE user_id = $1",
        [userId],
      )
    ).map(({ fresh }) => fresh);

  test("asks the provider to ask anew, and gives a new id (7.2.4)", async () => {
    const sub = newSubject();
    const user = await userWith(real.issuer, sub);
    const who = visitor(await signIn(user));
    await old(user.id);
    const before = who.cookies.get("session");
    real.signsIn = { sub, email: newEmail(), emailVerified: true, name: "Maria" };
    const at = await leave(who, "corp", purpose);
    expect(at.searchParams.get("max_age")).toBe("0");
    const answer = await who.get(await comeBack(at));
    expect([answer.status, answer.location]).toEqual([302, "/me"]);
    expect(who.cookies.get("session")).not.toBe(before);
    expect(await isFresh(user.id)).toEqual([true]);
  });

  test("as somebody else does not count", async () => {
    const user = await userWith(real.issuer, newSubject());
    const other = newSubject();
    await userWith(real.issuer, other);
    const who = visitor(await signIn(user));
    await old(user.id);
    real.signsIn = { sub: other, email: newEmail(), emailVerified: true, name: "Maria" };
    const answer = await visit(who, "corp", purpose);
    expect([answer.status, answer.text.includes("That was somebody else")]).toEqual([422, true]);
    expect(await isFresh(user.id)).toEqual([false]);
    expect(await isSignedIn(who)).toBe(true);
  });

  test("where the provider says that it did not ask anew, it does not count", async () => {
    const sub = newSubject();
    const user = await userWith(hostile.issuer, sub);
    const who = visitor(await signIn(user));
    await old(user.id);
    hostile.userinfo = { sub };
    hostile.claims = { sub, auth_time: Math.floor(Date.now() / 1_000) - 3_600 };
    expect((await visit(who, "hostile", purpose)).status).toBe(422);
    expect(await isFresh(user.id)).toEqual([false]);
  });

  test("a second factor is asked for, too (6.3.4)", async () => {
    const sub = newSubject();
    const user = await userWith(real.issuer, sub);
    await giveSecondFactor(user);
    const who = visitor(await signIn(user));
    real.signsIn = { sub, email: newEmail(), emailVerified: true, name: "Maria" };
    expect((await visit(who, "corp", purpose)).location).toBe("/login/second-factor?returnTo=%2Fme");
  });
});

describe("plain OAuth 2.0", () => {
  test("asks the userinfo endpoint, and needs no ID token", async () => {
    const user = await userWith(`${plain.issuer}/userinfo`, "4711");
    plain.userinfo = { id: 4711, email: user.email };
    const who = visitor();
    const at = await leave(who, "plain");
    expect(at.searchParams.has("nonce")).toBe(false);
    expect(at.searchParams.get("code_challenge_method")).toBe("S256");
    expect((await who.get(await comeBack(at))).location).toBe("/");
    expect(await isSignedIn(who)).toBe(true);
  });

  test("6.8.1: its addresses are not verified where the settings name no claim that says so", async () => {
    const user = await makeUser();
    plain.userinfo = { id: newSubject(), email: user.email, email_verified: true };
    expect((await visit(visitor(), "plain")).location).toBe("/signup/provider");
    expect(await identitiesOf(user.id)).toEqual([]);
  });

  test("an answer without a subject is refused", async () => {
    plain.userinfo = { id: null, email: newEmail() };
    const who = visitor();
    await expectRefused(who, await visit(who, "plain"), ["provider-refused", "sub"]);
  });
});

describe("a provider that is away", () => {
  test("has a page that says so, and the other ways stay open", async () => {
    const who = visitor();
    const answer = await who.post("/auth/down", {}, english);
    await expectRefused(who, answer, ["provider-unavailable", "unreachable", 503]);
    expect(answer.text).toContain("Down is not answering");
    expect((await visitor().get("/login")).status).toBe(200);
  });

  test("delays nobody else, and is given up after a few seconds", async () => {
    const began = performance.now();
    const waiting = visitor().post("/auth/silent", {}, english);
    await leave(visitor(), "corp");
    expect((await visitor().get("/login")).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect((await waiting).status).toBe(503);
    expect(performance.now() - began).toBeLessThan(7_000);
    // The next one is told at once.
    const soon = performance.now();
    expect((await visitor().post("/auth/silent")).status).toBe(503);
    expect(performance.now() - soon).toBeLessThan(1_000);
  });

  test("an unknown one is a 404", async () => {
    expect((await visitor().post("/auth/nobody")).status).toBe(404);
    expect((await visitor().get("/auth/nobody/callback")).status).toBe(404);
  });
});
