// The second factor and re-authentication, over HTTP. Test names carry the ASVS 5.0 requirements that they hold.
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hashPassword } from "#app/domain/identity/passwords/password.ts";
import { type Answer, type Visitor, visitor } from "#tests/support/app.ts";
import { signedInMember } from "#tests/support/cast.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import {
  giveSecondFactor,
  makeAccount,
  makeMember,
  makeUser,
  secondFactorSecret,
  signIn,
  snapshot,
  type TestUser,
} from "#tests/support/scenario.ts";
import { calmStep, codeOf, offerOn, recoveryCodesOn, wrongCodeOf } from "#tests/support/second-factor.ts";
import { htmlProblems } from "#tests/support/valid-html.ts";

const password = "correto cavalo bateria";
const english = { "Accept-Language": "en" };
const setUpPage = "/me/security/second-factor/new";
let passwordHash: string;
let person: TestUser;

beforeAll(async () => {
  passwordHash = await hashPassword(password);
});
beforeEach(async () => {
  await calmStep();
  person = await makeUser({ passwordHash });
});

async function expectValid(answer: Answer): Promise<void> {
  expect(await htmlProblems(answer.text)).toEqual([]);
}

/** Signed in with the password; the second factor is due. */
async function halfSignedIn(returnTo = "/accounts"): Promise<Visitor> {
  const who = visitor();
  await who.post(`/login?returnTo=${encodeURIComponent(returnTo)}`, { email: person.email, password });
  return who;
}

/** Sets it up on the page; answers what that page offered and the answer with the codes. */
async function setUp(who: Visitor, path = setUpPage) {
  const offer = offerOn((await who.get(path)).text);
  const fields = { sealedSecret: offer.sealedSecret, code: codeOf(offer.secret, -1) };
  return { ...offer, fields, answer: await who.post(path, fields) };
}

/** As if the person had proved who they are an hour ago. */
const letTimePass = (user: TestUser) =>
  queryAsOwner("UPDATE session SET authenticated_at = now() - interval '1 hour' WHERE user_id = $1", [
    user.id,
  ]);

describe("setting it up", () => {
  test("6.3.3: staff get to nothing of theirs before they have one, are told why, and come back", async () => {
    const operator = await makeUser({ providerRole: "operator", secondFactor: false });
    const who = visitor(await signIn(operator));
    const sent = await who.get("/admin/accounts?state=pending");
    expect(sent.location).toBe(
      `${setUpPage}?returnTo=${encodeURIComponent("/admin/accounts?state=pending")}`,
    );
    const posted = await who.post("/admin/usage");
    expect(posted.location?.startsWith(setUpPage)).toBe(true);
    const problem = await who.json("/api/admin/findings", undefined, { method: "POST" });
    expect([problem.status, problem.json().code]).toEqual([403, "second-factor-required"]);

    const page = await who.get(sent.location ?? "", english);
    expect(page.text).toContain("Who works for the provider signs in with two-step verification");
    const { answer } = await setUp(who, sent.location ?? "");
    expect(answer.status).toBe(201);
    expect(answer.text).toContain(`href="/admin/accounts?state=pending"`);
    expect((await who.get("/admin/accounts?state=pending")).status).toBe(200);
  });

  test("the page holds the QR code, the key as text, and nothing that changes anything", async () => {
    const who = visitor(await signIn(person));
    const before = await snapshot();
    for (const headers of [english, {}]) {
      const page = await who.get(setUpPage, headers);
      expect(page.status).toBe(200);
      await expectValid(page);
      expect(page.text).toContain('src="data:image/svg+xml,');
      expect(page.text).toContain(`otpauth://totp/`);
      expect(page.text).not.toMatch(/<[a-z]+[^>]* style=/);
      expect(page.headers.get("Cache-Control")).toBe("no-store");
    }
    expect(await snapshot()).toEqual(before);
  });

  test("after a wrong code the same key stands there, and the code does not", async () => {
    const who = visitor(await signIn(person));
    const { secret, sealedSecret } = offerOn((await who.get(setUpPage)).text);
    const wrong = wrongCodeOf(secret);
    const refused = await who.post(setUpPage, { sealedSecret, code: wrong }, english);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("This code is not right");
    expect(offerOn(refused.text).secret).toBe(secret);
    expect(refused.text).not.toContain(`value="${wrong}"`);
    await expectValid(refused);
    const again = await who.post(setUpPage, {
      sealedSecret: offerOn(refused.text).sealedSecret,
      code: codeOf(secret),
    });
    expect(again.status).toBe(201);
  });

  test("a page that a phone dropped meanwhile comes back with the same key, in this browser alone", async () => {
    const who = visitor(await signIn(person));
    const [first, again] = [
      offerOn((await who.get(setUpPage)).text),
      offerOn((await who.get(setUpPage)).text),
    ];
    expect(again.secret).toBe(first.secret);
    const elsewhere = visitor(await signIn(person));
    expect(offerOn((await elsewhere.get(setUpPage)).text).secret).not.toBe(first.secret);
    expect([...who.cookies].join()).not.toContain(first.secret.replaceAll(" ", ""));
    await who.post("/logout");
    const other = await makeUser({ passwordHash });
    await who.post("/login", { email: other.email, password });
    expect(offerOn((await who.get(setUpPage)).text).secret).not.toBe(first.secret);
  });

  test("14.3.2: the answer shows ten codes once, to be kept without a script; sent again it shows none", async () => {
    const who = visitor(await signIn(person));
    const { answer, fields } = await setUp(who);
    const codes = recoveryCodesOn(answer.text);
    expect(codes).toHaveLength(10);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    await expectValid(answer);
    const file = /href="data:text\/plain;charset=utf-8,([^"]+)" download="([^"]+)"/.exec(answer.text);
    expect(file?.[2]).toMatch(/\.txt$/);
    for (const code of codes) expect(decodeURIComponent(file?.[1] ?? "")).toContain(code);

    const again = await who.post(setUpPage, fields);
    expect(again.status).toBe(409);
    await expectValid(again);
    for (const page of [again, await who.get(setUpPage), await who.get("/me/security")])
      for (const code of codes) expect(page.text).not.toContain(code);
  });

  test("7.4.3: other sessions end with it", async () => {
    const elsewhere = visitor(await signIn(person));
    await setUp(visitor(await signIn(person)));
    expect((await elsewhere.get("/accounts")).location).toMatch(/^\/login/);
  });
});

describe("signing in with it", () => {
  beforeEach(() => giveSecondFactor(person));

  test("6.3.3, 6.3.4: after the password alone no page opens and nothing is done", async () => {
    const who = await halfSignedIn();
    const account = await makeAccount();
    for (const path of ["/accounts", "/me", "/me/security", `/accounts/${account.slug}`, "/admin"]) {
      expect((await who.get(path)).location).toBe(
        `/login/second-factor?returnTo=${encodeURIComponent(path)}`,
      );
    }
    const before = await snapshot();
    expect((await who.post(setUpPage)).location).toMatch(/^\/login\/second-factor/);
    const api = await who.json("/api/accounts", { accountName: "Padaria", document: account.document });
    expect([api.status, api.json().code]).toEqual([401, "unauthenticated"]);
    expect(await snapshot()).toEqual(before);
  });

  test("7.2.4: the code leads to where the person was going, with a new id", async () => {
    const who = await halfSignedIn("/me/security?a=1");
    const before = who.cookies.get("session");
    const path = `/login/second-factor?returnTo=${encodeURIComponent("/me/security?a=1")}`;
    const page = await who.get(path, english);
    expect(page.status).toBe(200);
    expect(page.text).toContain('autoComplete="one-time-code"');
    expect(page.text).toContain("Ask the provider");
    await expectValid(page);
    const answer = await who.post(path, { code: codeOf(secondFactorSecret) });
    expect([answer.status, answer.location]).toEqual([302, "/me/security?a=1"]);
    expect(who.cookies.get("session")).not.toBe(before);
    expect((await who.get("/me/security")).status).toBe(200);
    expect((await visitor(`session=${before}`).get("/me/security")).location).toMatch(/^\/login/);
    // Posted a second time, by an impatient finger.
    expect((await who.post(path, { code: codeOf(secondFactorSecret) })).location).toBe("/me/security?a=1");
  });

  test("3.7.2: and to no other site", async () => {
    const who = await halfSignedIn();
    const answer = await who.post("/login/second-factor?returnTo=//evil.example", {
      code: codeOf(secondFactorSecret),
    });
    expect(answer.location).toBe("/");
  });

  test("6.5.1: a code that signed somebody in is worth nothing in another browser", async () => {
    const code = codeOf(secondFactorSecret);
    await (await halfSignedIn()).post("/login/second-factor", { code });
    const answer = await (await halfSignedIn()).post("/login/second-factor", { code }, english);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain("This code is not right, or it was used before");
  });

  test("6.5.5: five wrong codes end it, and the page says so", async () => {
    const who = await halfSignedIn("/me");
    const code = wrongCodeOf(secondFactorSecret);
    const path = "/login/second-factor?returnTo=%2Fme";
    for (let given = 1; given < 5; given++) expect((await who.post(path, { code })).status).toBe(422);
    const last = await who.post(path, { code });
    expect(last.location).toBe("/login?returnTo=%2Fme");
    expect((await who.get(last.location ?? "", english)).text).toContain("this sign-in has ended");
    expect((await who.get("/me")).location).toMatch(/^\/login\?/);
  });

  test("nobody gets there without the password", async () => {
    const who = visitor();
    expect((await who.get("/login/second-factor?returnTo=%2Fme")).location).toBe("/login?returnTo=%2Fme");
    const answer = await who.post("/login/second-factor", { code: codeOf(secondFactorSecret) });
    expect(answer.location).toBe("/login");
  });

  test("somebody else may sign in instead", async () => {
    const who = await halfSignedIn();
    const other = await makeUser({ passwordHash });
    await who.post("/login", { email: other.email, password });
    expect((await who.get("/me/security")).text).toContain(other.email);
  });
});

describe("7.5.1: before what is sensitive", () => {
  const sensitive = [
    setUpPage,
    "/me/security/second-factor/recovery-codes",
    "/me/security/second-factor/removal",
    "/me/security/password",
    "/me/email",
  ];

  test.each(sensitive)("%s asks who it is, before the form and not after it", async (path) => {
    const who = visitor(await signIn(person));
    await letTimePass(person);
    const before = await snapshot();
    for (const answer of [await who.get(path), await who.post(path, { code: "123456" })])
      expect([path, answer.location]).toEqual([
        path,
        `/reauthentication?returnTo=${encodeURIComponent(path)}`,
      ]);
    expect(await snapshot()).toEqual(before);
  });

  test("7.2.4: password and code lead back, with a new id", async () => {
    await giveSecondFactor(person);
    const who = visitor(await signIn(person));
    await letTimePass(person);
    const asked = (await who.get("/me/security/second-factor/removal")).location ?? "";
    const page = await who.get(asked, english);
    expect(page.text).toContain("Confirm that it is you");
    await expectValid(page);
    const before = who.cookies.get("session");
    const refused = await who.post(asked, { password, code: wrongCodeOf(secondFactorSecret) });
    expect(refused.status).toBe(422);
    expect(refused.text).not.toContain(password);
    const answer = await who.post(asked, { password, code: codeOf(secondFactorSecret) });
    expect(answer.location).toBe("/me/security/second-factor/removal");
    expect(who.cookies.get("session")).not.toBe(before);
    expect((await visitor(`session=${before}`).get("/me")).location).toMatch(/^\/login/);
    expect((await who.get("/me/security/second-factor/removal")).status).toBe(200);
  });

  test("the password alone is not enough for who has a second factor", async () => {
    await giveSecondFactor(person);
    const who = visitor(await signIn(person));
    await letTimePass(person);
    const answer = await who.post("/reauthentication", { password });
    expect(answer.status).toBe(400);
    expect((await who.get("/me/security/second-factor/removal")).location).toMatch(/^\/reauthentication/);
  });

  test("who has no password proves it at their provider, and is told where there is none left", async () => {
    const who = visitor(await signIn(await makeUser()));
    const page = await who.get("/reauthentication?returnTo=%2Fme", english);
    expect(page.text).toContain("You have no password");
    expect(page.text).not.toContain('name="password"');
    await expectValid(page);
  });
});

describe("the security page", () => {
  test("says how things stand, in both languages", async () => {
    const who = visitor(await signIn(person));
    const without = await who.get("/me/security", english);
    expect(without.text).toContain(person.email);
    expect(without.text).toContain(`href="${setUpPage}"`);
    await expectValid(without);
    await setUp(who);
    for (const headers of [english, {}]) {
      const page = await who.get("/me/security", headers);
      await expectValid(page);
      expect(page.text).toContain("/me/security/second-factor/recovery-codes");
      expect(page.text).toContain("/me/security/second-factor/removal");
    }
  });

  test("codes are renewed and the factor removed, each on a page of its own", async () => {
    const who = visitor(await signIn(person));
    const old = recoveryCodesOn((await setUp(who)).answer.text);
    const page = await who.get("/me/security/second-factor/recovery-codes");
    await expectValid(page);
    const setId = /name="setId" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
    const renewed = await who.post("/me/security/second-factor/recovery-codes", { setId });
    expect(renewed.status).toBe(201);
    const codes = recoveryCodesOn(renewed.text);
    expect(new Set([...codes, ...old]).size).toBe(20);
    expect((await who.post("/me/security/second-factor/recovery-codes", { setId })).status).toBe(409);

    await expectValid(await who.get("/me/security/second-factor/removal"));
    const removed = await who.post("/me/security/second-factor/removal", {}, english);
    expect(removed.location).toBe("/me/security");
    expect((await who.get("/me/security", english)).text).toContain("Two-step verification is off.");
    expect((await who.get("/me/security/second-factor/removal")).location).toBe("/me/security");
    expect((await who.get("/me/security/second-factor/recovery-codes")).location).toBe("/me/security");
  });
});

describe("an account that asks all members for one", () => {
  test("6.3.3: its owner sets one up first; then who has none is told why and shut out until they have", async () => {
    const account = await makeAccount();
    const boss = await makeMember(account, "owner");
    const owner = visitor(await signIn(boss));
    const developer = await signedInMember(account, "developer");
    const page = `/accounts/${account.slug}/settings/second-factor`;

    const first = await owner.get(page, english);
    expect(first.text).toContain("To require it of others, turn it on for yourself first");
    expect(first.text).toContain("2 members do not use it");
    await expectValid(first);
    const refused = await owner.post(page, { secondFactor: "required" });
    expect(refused.location).toBe(`${setUpPage}?returnTo=${encodeURIComponent(page)}`);
    await giveSecondFactor(boss);
    const done = await owner.post(page, { secondFactor: "required" }, english);
    expect(done.location).toBe(`/accounts/${account.slug}/settings`);
    const settings = await owner.get(done.location ?? "", english);
    expect(settings.text).toContain("All members now need two-step verification");
    await expectValid(settings);

    const buckets = `/accounts/${account.slug}/buckets`;
    const shut = await developer.get(buckets);
    expect(shut.location).toBe(`${setUpPage}?returnTo=${encodeURIComponent(buckets)}`);
    const api = await developer.get(`/api/accounts/${account.id}/buckets`);
    expect([api.status, api.json().code]).toEqual([403, "second-factor-required"]);
    const told = await developer.get(shut.location ?? "", english);
    expect(told.text).toContain(
      `Conta ${account.id.slice(0, 8)} requires two-step verification of all members`,
    );
    await setUp(developer, shut.location ?? "");
    expect((await developer.get(buckets)).status).toBe(200);
    const removal = await developer.get("/me/security/second-factor/removal", english);
    expect(removal.text).toContain("You need two-step verification");
    expect(removal.text).not.toContain("Turn off</button>");
    expect((await developer.post("/me/security/second-factor/removal")).status).toBe(422);
  });

  test("the page is for owners; auditors read the settings, the rest find no link to them", async () => {
    const account = await makeAccount();
    const settings = `/accounts/${account.slug}/settings`;
    const auditor = await signedInMember(account, "auditor");
    const seen = await auditor.get(settings);
    expect(seen.status).toBe(200);
    expect(seen.text).not.toContain(`${settings}/second-factor`);
    expect((await auditor.get(`${settings}/second-factor`)).status).toBe(403);
    const developer = await signedInMember(account, "developer");
    expect((await developer.get(settings)).status).toBe(403);
    expect((await developer.get(`/accounts/${account.slug}`)).text).not.toContain(`href="${settings}"`);
    expect((await (await signedInMember(account, "owner")).get(`/accounts/${account.slug}`)).text).toContain(
      `href="${settings}"`,
    );
  });

  test("whoever has not proved lately who they are is asked, and comes back", async () => {
    const account = await makeAccount();
    const boss = await makeMember(account, "owner");
    const owner = visitor(await signIn(boss));
    await letTimePass(boss);
    const page = `/accounts/${account.slug}/settings/second-factor`;
    expect((await owner.get(page)).location).toBe(`/reauthentication?returnTo=${encodeURIComponent(page)}`);
  });
});
