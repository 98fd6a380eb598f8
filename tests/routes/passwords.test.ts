// Resetting and changing a password, and changing the address, over HTTP.
import { randomBytes } from "node:crypto";
import { hash } from "@node-rs/argon2";
import { describe, expect, test } from "vitest";
import { mintLinkToken } from "#app/domain/identity/link-tokens.ts";
import { hashPassword } from "#app/domain/identity/passwords/password.ts";
import type { LinkPurpose } from "#app/generated/prisma/enums.ts";
import { type Answer, newAddress, type Visitor, visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import {
  giveSecondFactor,
  makeUser,
  newCpf,
  signIn,
  snapshot,
  type TestUser,
} from "#tests/support/scenario.ts";

const password = "uma frase bem comprida";
const another = "outra frase, tão comprida";
const passwordHash = await hashPassword(password);
const newUser = () => makeUser({ passwordHash });
const newEmail = () => `${randomBytes(6).toString("hex")}@example.test`;

const english = { "Accept-Language": "en" };
const logIn = (email: string, typed: string) => visitor().post("/login", { email, password: typed });
const statuses = (answers: Answer[]) => answers.map(({ status }) => status).sort();

const mailsTo = (userId: string) =>
  queryAsOwner<{ message: string }>(
    "SELECT message FROM email WHERE data->>'userId' = $1 ORDER BY created_at, id",
    [userId],
  ).then((rows) => rows.map(({ message }) => message));

/** As the mail says it, which mints it when it is sent. */
const link = async (purpose: LinkPurpose, subjectId: string, path: string) =>
  `${path}/${await mintLinkToken(purpose, subjectId)}`;
const resetLink = (user: TestUser) => link("password_reset", user.id, "/reset-password");

describe("a forgotten password", () => {
  test("6.3.8: the answer and its time are the same whether or not the address is known", async () => {
    const user = await newUser();
    const timed = async (email: string) => {
      const begun = performance.now();
      const answer = await visitor().post("/forgot-password", { email });
      return { answer, ms: performance.now() - begun };
    };
    // The first mail of a process also opens the queue.
    await visitor().post("/forgot-password", { email: (await newUser()).email });
    const [known, unknown] = [await timed(` ${user.email.toUpperCase()}`), await timed(newEmail())];
    const visible = ({ answer }: typeof known) => [answer.status, answer.location, answer.text];
    expect(visible(known)).toEqual(visible(unknown));
    expect(known.answer.location).toBe("/forgot-password/sent");
    for (const { ms } of [known, unknown]) expect(ms).toBeGreaterThanOrEqual(595);
    expect(Math.abs(known.ms - unknown.ms)).toBeLessThan(150);
    expect(await mailsTo(user.id)).toEqual(["password-reset"]);
  });

  test("somebody who is disabled gets no link, and one minted before is dead", async () => {
    const user = await newUser();
    const minted = await resetLink(user);
    await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [user.id]);
    expect((await visitor().post("/forgot-password", { email: user.email })).status).toBe(302);
    expect(await mailsTo(user.id)).toEqual([]);
    expect(
      statuses([await visitor().get(minted), await visitor().post(minted, { password: another })]),
    ).toEqual([422, 422]);
  });

  test("6.3.1: links are limited by address and by network, known or not", async () => {
    const user = await newUser();
    for (const email of [user.email, newEmail()]) {
      const answers = [];
      for (let round = 0; round < 6; round++)
        answers.push(await visitor().post("/forgot-password", { email }));
      expect(statuses(answers)).toEqual([302, 302, 302, 302, 302, 429]);
    }
    expect(await mailsTo(user.id)).toHaveLength(5);
    const address = newAddress();
    const fromOne = await Promise.all(
      Array.from({ length: 31 }, () =>
        visitor(undefined, address).post("/forgot-password", { email: newEmail() }),
      ),
    );
    expect(statuses(fromOne).filter((status) => status === 429)).toHaveLength(1);
  });

  test("6.4.1: the link works once, for an hour, and looking at it changes nothing", async () => {
    const user = await newUser();
    const first = await resetLink(user);
    const before = await snapshot();
    const page = await visitor().get(first);
    expect(page.status).toBe(200);
    expect(page.text).toContain(user.email);
    expect(await snapshot()).toEqual(before);

    const who = visitor();
    const answer = await who.post(first, { password: another });
    expect([answer.status, answer.location]).toEqual([302, "/"]);
    expect((await who.get("/accounts")).status).toBe(200);
    expect((await logIn(user.email, password)).status).toBe(401);
    expect((await logIn(user.email, another)).status).toBe(302);
    expect(statuses([await visitor().get(first), await visitor().post(first, { password })])).toEqual([
      422, 422,
    ]);

    const late = await resetLink(user);
    await queryAsOwner("UPDATE link_token SET expires_at = expires_at - interval '1 hour'");
    expect(statuses([await visitor().get(late), await visitor().post(late, { password })])).toEqual([
      422, 422,
    ]);
    expect((await visitor().post("/reset-password/forged", { password })).status).toBe(422);
  });

  test("6.4.1: used twice at once, one wins; older links die with it, whichever is used", async () => {
    for (let round = 0; round < 5; round++) {
      const user = await newUser();
      const links = [await resetLink(user), await resetLink(user)];
      const answers = await Promise.all(
        [links[0], links[0], links[1], links[1]].map((path) =>
          visitor().post(path ?? "", { password: another }),
        ),
      );
      expect(statuses(answers)).toEqual([302, 422, 422, 422]);
      for (const path of links) expect((await visitor().get(path)).status).toBe(422);
      expect((await mailsTo(user.id)).filter((message) => message === "password-changed")).toHaveLength(1);
    }
  });

  test("ends every session of theirs, and tells them", async () => {
    const user = await newUser();
    const sessions = [visitor(await signIn(user)), visitor(await signIn(user))];
    await visitor().post(await resetLink(user), { password: another });
    for (const who of sessions) expect((await who.get("/accounts")).status).toBe(302);
    expect(await mailsTo(user.id)).toEqual(["password-changed"]);
  });

  test("6.4.3: the second factor is asked for after it", async () => {
    const user = await newUser();
    await giveSecondFactor(user);
    const who = visitor();
    const answer = await who.post(await resetLink(user), { password: another });
    expect([answer.status, answer.location]).toEqual([302, "/login/second-factor"]);
    expect((await who.get("/accounts")).location).toContain("/login/second-factor");
    expect((await who.json("/api/accounts")).status).toBe(401);
  });

  test.each([
    ["6.2.1: too short a password", "elevenchars", "Use 12 characters or more"],
    ["6.2.4: a common one", "Flamengo1981!", "among the first that attackers try"],
    ["6.2.11: one made of the person's name", "maria teste 2026", "little more than your name"],
  ])("%s is refused and leaves the link as it was", async (_, weak, words) => {
    const user = await newUser();
    const path = await resetLink(user);
    const refused = await visitor().post(path, { password: weak }, english);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(words);
    expect((await visitor().post(path, { password: another })).status).toBe(302);
  });

  test("who signs in by another provider and has no password gets one by it", async () => {
    const user = await makeUser();
    await visitor().post("/forgot-password", { email: user.email });
    expect(await mailsTo(user.id)).toEqual(["password-reset"]);
    expect((await visitor().post(await resetLink(user), { password })).status).toBe(302);
    expect((await logIn(user.email, password)).status).toBe(302);
  });
});

describe("changing the password", () => {
  const change = (who: Visitor, fields: Record<string, string>) =>
    who.post("/me/security/password", fields, english);

  test("6.2.3: asks for the present one, however fresh the session; the others end", async () => {
    const user = await newUser();
    const [who, elsewhere] = [visitor(await signIn(user)), visitor(await signIn(user))];
    const reset = await resetLink(user);
    expect((await change(who, { newPassword: another })).status).toBe(400);
    const wrong = await change(who, { currentPassword: "not the present one", newPassword: another });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain("This is not the right password.");
    expect(wrong.text).not.toContain(another);
    expect((await elsewhere.get("/accounts")).status).toBe(200);

    const answer = await change(who, { currentPassword: password, newPassword: another });
    expect([answer.status, answer.location]).toEqual([302, "/me/security"]);
    expect((await who.get("/accounts")).status).toBe(200);
    expect((await elsewhere.get("/accounts")).status).toBe(302);
    expect((await logIn(user.email, password)).status).toBe(401);
    expect((await logIn(user.email, another)).status).toBe(302);
    expect((await visitor().get(reset)).status).toBe(422);
    expect(await mailsTo(user.id)).toEqual(["password-changed"]);
  });

  test("7.5.1: asks a session that is not fresh to prove itself, before the form and on its post", async () => {
    const user = await newUser();
    const who = visitor(await signIn(user));
    await queryAsOwner(
      "UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE user_id = $1",
      [user.id],
    );
    for (const path of ["/me/security/password", "/me/email"]) {
      const there = `/reauthentication?returnTo=${encodeURIComponent(path)}`;
      expect((await who.get(path)).location).toBe(there);
      expect((await who.post(path, { currentPassword: password, newPassword: another })).location).toBe(
        there,
      );
    }
    expect((await logIn(user.email, password)).status).toBe(302);
  });

  test("6.2.3: guesses of the present one are limited", async () => {
    const user = await newUser();
    const who = visitor(await signIn(user));
    const wrong = [];
    for (let round = 0; round < 11; round++)
      wrong.push(await change(who, { currentPassword: `guess ${round}`, newPassword: another }));
    expect(wrong.map(({ status }) => status)).toEqual([...Array(10).fill(422), 429]);
    expect((await change(who, { currentPassword: password, newPassword: another })).status).toBe(429);
  });

  test("two at once: one wins", async () => {
    const user = await newUser();
    const people = [visitor(await signIn(user)), visitor(await signIn(user))];
    const answers = await Promise.all(
      people.map((who, index) =>
        change(who, { currentPassword: password, newPassword: `${another} ${index}` }),
      ),
    );
    expect(statuses(answers)[0]).toBe(302);
    expect(statuses(answers)[1]).not.toBe(302);
  });

  test.each([
    ["6.2.1: a short one", "elevenchars", "Use 12 characters or more"],
    ["6.2.4: a common one", "password12345", "among the first that attackers try"],
    ["6.2.11: one made of the address", "EMAIL-EMAIL", "little more than your name"],
    ["the present one", password, "the password that you already have"],
  ])("%s is refused beside its field", async (_, weak, words) => {
    const user = await newUser();
    const who = visitor(await signIn(user));
    const newPassword = weak.replaceAll("EMAIL", user.email.split("@")[0] ?? "");
    const answer = await change(who, { currentPassword: password, newPassword });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(new RegExp(`id="[^"]*newPassword-error"[^>]*>.*?${words}`, "s"));
  });

  test("who has none sets their first one without it", async () => {
    const user = await makeUser();
    const who = visitor(await signIn(user));
    expect((await who.get("/me/security/password")).text).not.toContain("current-password");
    expect((await change(who, { newPassword: another })).status).toBe(302);
    expect((await logIn(user.email, another)).status).toBe(302);
  });

  test("15.3.3: who has one cannot set it as if they had none", async () => {
    const user = await newUser();
    const who = visitor(await signIn(user));
    expect((await change(who, { newPassword: another, currentPassword: "" })).status).toBe(400);
    expect((await logIn(user.email, password)).status).toBe(302);
  });

  test("6.2.7: fields say what they are for, and nothing hinders pasting", async () => {
    const user = await newUser();
    const signedIn = visitor(await signIn(user));
    const pages = [
      await visitor().get("/login"),
      await visitor().get("/signup"),
      await visitor().get(await resetLink(user)),
      await signedIn.get("/me/security/password"),
    ];
    for (const { status, text } of pages) {
      expect(status).toBe(200);
      expect(text).not.toMatch(/\bon(paste|copy|drop)=/i);
      const fields = text.match(/<input[^>]*type="password"[^>]*>/g) ?? [];
      expect(fields.length).toBeGreaterThan(0);
      for (const field of fields) {
        expect(field).toMatch(/autocomplete="(current|new)-password"/i);
        expect(field).not.toMatch(/maxlength|readonly/i);
      }
      expect(text).toMatch(/<input[^>]*autocomplete="username"/i);
    }
  });

  test("6.2.9, 6.2.8: long ones count to the last character", async () => {
    const user = await newUser();
    const long = "çã 🪣 água ".repeat(60).slice(0, 700);
    const who = visitor(await signIn(user));
    expect((await change(who, { currentPassword: password, newPassword: long })).status).toBe(302);
    expect((await logIn(user.email, long)).status).toBe(302);
    expect((await logIn(user.email, long.slice(0, -1))).status).toBe(401);
    expect((await logIn(user.email, long.toUpperCase())).status).toBe(401);
  });
});

test("11.4.2: a hash with less than what is asked for now is made anew at the next sign-in", async () => {
  const weak = await hash(password, { algorithm: 2, memoryCost: 8_192, timeCost: 1, parallelism: 1 });
  const user = await makeUser({ passwordHash: weak });
  const kept = () =>
    queryAsOwner<{ password_hash: string }>(`SELECT password_hash FROM "user" WHERE id = $1`, [user.id]).then(
      ([row]) => row?.password_hash,
    );
  expect((await logIn(user.email, "not that password")).status).toBe(401);
  expect(await kept()).toBe(weak);
  expect((await logIn(user.email, password)).status).toBe(302);
  const renewed = await kept();
  expect(renewed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await logIn(user.email, password)).status).toBe(302);
  expect(await kept()).toBe(renewed);
});

test("a sign-in with the old password while it is being reset leaves no session behind", async () => {
  for (let round = 0; round < 4; round++) {
    const user = await newUser();
    const people = Array.from({ length: 6 }, () => visitor());
    const path = await resetLink(user);
    const attempts = people.map((who) => who.post("/login", { email: user.email, password }));
    await visitor().post(path, { password: another });
    await Promise.all(attempts);
    for (const who of people) expect((await who.get("/accounts")).status).toBe(302);
  }
});

describe("changing the address", () => {
  async function request(user: TestUser, email: string, who?: Visitor) {
    const asking = who ?? visitor(await signIn(user));
    const answer = await asking.post("/me/email", { email }, english);
    const [row] = await queryAsOwner<{ id: string }>(
      "SELECT id FROM email_change WHERE user_id = $1 AND confirmed_at IS NULL",
      [user.id],
    );
    return { who: asking, answer, id: row?.id ?? "" };
  }
  const confirmLink = (id: string) => link("email_change", id, "/confirm-email");
  const emailOf = (user: TestUser) =>
    queryAsOwner<{ email: string }>(`SELECT email FROM "user" WHERE id = $1`, [user.id]).then(
      ([row]) => row?.email,
    );
  const mailsAbout = (id: string) =>
    queryAsOwner<{ message: string }>("SELECT message FROM email WHERE data->>'emailChangeId' = $1", [
      id,
    ]).then((rows) => rows.map(({ message }) => message).sort());

  test("6.4.1: the new address confirms by a link that works once; the old one is told", async () => {
    const user = await newUser();
    const email = newEmail();
    const elsewhere = visitor(await signIn(user));
    const reset = await resetLink(user);
    const { who, answer, id } = await request(user, ` ${email.toUpperCase()} `);
    expect([answer.status, answer.location]).toEqual([302, "/me/email"]);
    expect((await who.get("/me/email")).text).toContain(email);
    expect(await mailsAbout(id)).toEqual(["email-change"]);
    expect(await emailOf(user)).toBe(user.email);

    const path = await confirmLink(id);
    const before = await snapshot();
    expect((await who.get(path)).text).toContain(email);
    expect(await snapshot()).toEqual(before);

    const confirmed = await who.post(path);
    expect([confirmed.status, confirmed.location]).toEqual([302, "/me/security"]);
    expect(await emailOf(user)).toBe(email);
    expect(await mailsAbout(id)).toEqual(["email-change", "email-changed"]);
    expect((await who.get("/accounts")).status).toBe(200);
    expect((await elsewhere.get("/accounts")).status).toBe(302);
    expect((await visitor().get(reset)).status).toBe(422);
    expect(statuses([await who.get(path), await who.post(path)])).toEqual([422, 422]);
    expect((await logIn(email, password)).status).toBe(302);
    expect((await logIn(user.email, password)).status).toBe(401);
  });

  test("the link alone is nothing: it takes the person who asked, signed in", async () => {
    const user = await newUser();
    const { id } = await request(user, newEmail());
    const path = await confirmLink(id);
    expect((await visitor().get(path)).location).toBe(`/login?returnTo=${encodeURIComponent(path)}`);
    await visitor().post(path);
    const stranger = visitor(await signIn(await newUser()));
    expect(statuses([await stranger.get(path), await stranger.post(path)])).toEqual([422, 422]);
    expect(await emailOf(user)).toBe(user.email);
    // It still works for them.
    expect((await visitor(await signIn(user)).post(path)).status).toBe(302);
  });

  test("6.3.8: an address that somebody has looks the same; its holder is told", async () => {
    const [user, holder] = [await newUser(), await newUser()];
    const [taken, free] = [await request(user, holder.email), await request(await newUser(), newEmail())];
    expect([taken.answer.status, taken.answer.location, taken.answer.text]).toEqual([
      free.answer.status,
      free.answer.location,
      free.answer.text,
    ]);
    expect((await taken.who.get("/me/email")).text).toContain(holder.email);
    expect(await mailsTo(holder.id)).toEqual(["sign-up-attempt"]);
    expect(await mailsAbout(taken.id)).toEqual([]);
  });

  test("two people and one address, confirmed at once: one has it", async () => {
    for (let round = 0; round < 4; round++) {
      const email = newEmail();
      const both = [await newUser(), await newUser()];
      const asked = [];
      for (const user of both) asked.push(await request(user, email));
      const links = await Promise.all(asked.map(({ id }) => confirmLink(id)));
      const answers = await Promise.all(asked.map(({ who }, index) => who.post(links[index] ?? "")));
      expect(statuses(answers)).toEqual([302, 422]);
      expect(await queryAsOwner(`SELECT 1 FROM "user" WHERE email = $1`, [email])).toHaveLength(1);
    }
  });

  test("one link twice at once: one wins", async () => {
    const user = await newUser();
    const { who, id } = await request(user, newEmail());
    const path = await confirmLink(id);
    expect(statuses(await Promise.all([who.post(path), who.post(path), who.post(path)]))).toEqual([
      302, 422, 422,
    ]);
  });

  test("asking again, and a new password, end what was asked for before", async () => {
    const user = await newUser();
    const { who, id } = await request(user, newEmail());
    const first = await confirmLink(id);
    const second = await request(user, newEmail(), who);
    const latter = await confirmLink(second.id);
    expect((await who.post(first)).status).toBe(422);
    await who.post("/me/security/password", { currentPassword: password, newPassword: another });
    expect((await who.post(latter)).status).toBe(422);
    expect(await emailOf(user)).toBe(user.email);
  });

  test("one's own address is said to be that, and what is no address is said to be none", async () => {
    const user = await newUser();
    const own = await request(user, user.email.toUpperCase());
    expect(own.answer.status).toBe(400);
    expect(own.answer.text).toContain("the address that you already have");
    expect((await request(user, "maria@")).answer.status).toBe(400);
  });

  test("a sign-up for the address is void once somebody has it", async () => {
    const user = await newUser();
    const email = newEmail();
    await visitor().post("/signup", {
      name: "Outra Pessoa",
      email,
      password,
      accountName: "Loja",
      document: newCpf(),
    });
    const { who, id } = await request(user, email);
    expect((await who.post(await confirmLink(id))).status).toBe(302);
    expect(await queryAsOwner("SELECT 1 FROM sign_up WHERE email = $1", [email])).toEqual([]);
  });
});

test("the sign-in page says that a session has ended, and leads to a forgotten password", async () => {
  const user = await newUser();
  const who = visitor(await signIn(user));
  expect((await visitor().get("/login", english)).text).not.toContain("Your session has ended");
  await queryAsOwner("UPDATE session SET last_seen_at = now() - interval '13 hours' WHERE user_id = $1", [
    user.id,
  ]);
  expect((await who.get("/accounts")).location).toBe("/login?returnTo=%2Faccounts");
  const page = await who.get("/login?returnTo=%2Faccounts", english);
  expect(page.text).toContain("Your session has ended");
  expect(page.text).toContain('href="/forgot-password"');
});

test("6.3.2: nobody is there before the first operator comes by their link", async () => {
  // This file's database was made from the migrations alone; whoever is in it, a test has made.
  const guesses = ["admin", "root", "operator", "balde", "test"].flatMap((name) => [
    name,
    `${name}@example.com`,
  ]);
  for (const email of guesses)
    for (const typed of ["admin", "password", "balde"]) expect((await logIn(email, typed)).status).toBe(401);
  const others = await queryAsOwner(`SELECT 1 FROM "user" WHERE email NOT LIKE '%@example.test'`);
  expect(others).toEqual([]);
});
