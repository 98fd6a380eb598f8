// Guessing passwords over HTTP: who guesses is stopped, who owns the address is not.
import { TOTP } from "otpauth";
import { describe, expect, test, vi } from "vitest";
import { hashPassword } from "#app/domain/identity/passwords/password.ts";
import { type Answer, newAddress, type Visitor, visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import {
  giveSecondFactor,
  makeUser,
  newCpf,
  secondFactorSecret,
  signIn,
  type TestUser,
} from "#tests/support/scenario.ts";

const password = "uma frase bem comprida";
const passwordHash = await hashPassword(password);
const newUser = () => makeUser({ passwordHash });

const logIn = (who: Visitor, { email }: { email: string }, typed = password) =>
  who.post("/login", { email, password: typed }, { "Accept-Language": "en" });

async function guess(times: number, user: { email: string }, from: () => Visitor): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let round = 0; round < times; round++) answers.push(await logIn(from(), user, `wrong guess ${round}`));
  return answers;
}

/** Signs in with password and code, as the form does; answers where it ends up. */
async function logInWithCode(who: Visitor, user: TestUser): Promise<number> {
  const first = await logIn(who, user);
  expect([first.status, first.location]).toEqual([302, "/login/second-factor"]);
  const code = new TOTP({ secret: secondFactorSecret }).generate();
  await who.post("/login/second-factor", { code });
  return (await who.get("/accounts")).status;
}

const statuses = (answers: Answer[]) => answers.map(({ status }) => status);
/** As a page shows it, with the entities of its apostrophes. */
const tooMany = "There were too many attempts. Wait about 15 min and try again.";

describe("6.3.1: one network", () => {
  test("is stopped after ten failures for one address; the form says how long, and keeps the address", async () => {
    const user = await newUser();
    const address = newAddress();
    const answers = await guess(12, user, () => visitor(undefined, address));
    expect(statuses(answers)).toEqual([...Array(10).fill(401), 429, 429]);
    const last = answers[11];
    expect(Number(last?.headers.get("Retry-After"))).toBeGreaterThan(800);
    expect(last?.text).toContain(tooMany);
    expect(last?.text).toContain(user.email);

    // Also with the right password, and for a neighbour in the same network; not for another address.
    expect((await logIn(visitor(undefined, address), user)).status).toBe(429);
    expect((await logIn(visitor(undefined, address.replace(/\d+$/, "250")), user)).status).toBe(429);
    expect((await logIn(visitor(undefined, address), await newUser())).status).toBe(302);
  });

  test("is stopped the same way where the address is unknown", async () => {
    const address = newAddress();
    const answers = await guess(12, { email: "nobody@example.test" }, () => visitor(undefined, address));
    expect(statuses(answers)).toEqual([...Array(10).fill(401), 429, 429]);
    expect(answers[11]?.text).toContain(tooMany);
  });

  test("gets no more by asking many times at once", async () => {
    const user = await newUser();
    const address = newAddress();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, round) => logIn(visitor(undefined, address), user, `wrong ${round}`)),
    );
    expect(statuses(answers).filter((status) => status === 401)).toHaveLength(10);
  });

  test("is stopped after a hundred failures for whatever addresses; signing in does not begin anew", async () => {
    const address = newAddress();
    const own = await newUser();
    const tryMany = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, round) =>
          logIn(visitor(undefined, address), { email: `victim-${round}@example.test` }, "the same guess"),
        ),
      );
    expect(new Set(statuses(await tryMany(99)))).toEqual(new Set([401]));
    expect((await logIn(visitor(undefined, address), own)).status).toBe(302);
    expect(statuses(await tryMany(3)).sort()).toEqual([401, 429, 429]);
    expect((await logIn(visitor(undefined, address), own)).status).toBe(429);
  });

  test("a right password forgets the person's own slips", async () => {
    const user = await newUser();
    const address = newAddress();
    for (let round = 0; round < 3; round++) {
      expect(statuses(await guess(9, user, () => visitor(undefined, address)))).toEqual(Array(9).fill(401));
      expect((await logIn(visitor(undefined, address), user)).status).toBe(302);
    }
  });

  test("16.3.1: the log holds the failures and the first that was too much, not each one after it", async () => {
    const user = await newUser();
    const address = newAddress();
    await guess(20, user, () => visitor(undefined, address));
    const events = await queryAsOwner<{ code: string; count: number }>(
      `SELECT e.code, count(*)::int FROM audit_event e JOIN audit_personal p ON p.event_id = e.id
       WHERE e.action = 'sessions:create' AND p.values->>'email' = $1 GROUP BY 1 ORDER BY 1`,
      [user.email],
    );
    expect(events).toEqual([
      { code: "too-many-attempts", count: 1 },
      { code: "wrong-credentials", count: 10 },
    ]);
  });
});

describe("6.3.1: under 200 wrong sign-ins a minute against one address from many networks", () => {
  test("the owner with the right password and factor gets in: with a known browser, and from a new network", async () => {
    const owner = await newUser();
    await giveSecondFactor(owner);
    const known = visitor();
    expect(await logInWithCode(known, owner)).toBe(200);
    await known.post("/logout");
    expect(known.cookies.has("devices")).toBe(true);
    // Each code counts once: the next sign-ins are given to another time step.
    const anew = () =>
      queryAsOwner("UPDATE second_factor SET last_used_step = NULL WHERE user_id = $1", [owner.id]);
    await anew();

    let attacks = 0;
    const attack = (count: number) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          attacks += 1;
          return (await logIn(visitor(), owner, `wrong ${attacks}`)).status;
        }),
      );
    const before = await attack(140);
    // Goes on while the owner signs in.
    const meanwhile = attack(60);
    expect(await logInWithCode(known, owner)).toBe(200);
    await anew();
    expect(await logInWithCode(visitor(), owner)).toBe(200);
    expect(attacks).toBe(200);
    expect(new Set([...before, ...(await meanwhile)])).toEqual(new Set([401]));

    // From a new network the answer is held back, by three seconds however long it has gone on. A known browser's is not.
    const timeOf = async (who: Visitor) => {
      await anew();
      const begun = performance.now();
      expect(await logInWithCode(who, owner)).toBe(200);
      return performance.now() - begun;
    };
    await known.post("/logout");
    const [knownMs, newMs] = [await timeOf(known), await timeOf(visitor())];
    expect(newMs).toBeGreaterThan(3_000);
    expect(newMs).toBeLessThan(10_000);
    expect(knownMs).toBeLessThan(newMs);
  }, 120_000);

  test("the owner is told once, in the console and by mail, and an unknown address tells nobody", async () => {
    const owner = await newUser();
    const before = await queryAsOwner("SELECT 1 FROM email WHERE message = 'sign-in-attack'");
    await Promise.all(Array.from({ length: 110 }, () => logIn(visitor(), owner, "wrong")));
    const told = () =>
      queryAsOwner<{ message: string }>(
        "SELECT message FROM email WHERE message = 'sign-in-attack' AND data->>'userId' = $1",
        [owner.id],
      );
    await vi.waitFor(async () => expect(await told()).toHaveLength(1), { timeout: 5_000 });
    // The second time that it would be due has passed meanwhile.
    await vi.waitFor(
      async () =>
        expect(
          await queryAsOwner(
            "SELECT details FROM audit_event WHERE action = 'users:report-sign-in-attack' AND resource_id = $1 ORDER BY occurred_at",
            [owner.id],
          ),
        ).toEqual([{ details: { told: true } }, { details: { told: false } }]),
      { timeout: 5_000 },
    );
    expect(await told()).toHaveLength(1);
    const listed = await queryAsOwner(
      "SELECT 1 FROM notification WHERE user_id = $1 AND kind = 'sign-in-attack'",
      [owner.id],
    );
    expect(listed).toHaveLength(1);

    await Promise.all(
      Array.from({ length: 60 }, () => logIn(visitor(), { email: "unknown@example.test" }, "wrong")),
    );
    expect(await queryAsOwner("SELECT 1 FROM email WHERE message = 'sign-in-attack'")).toHaveLength(
      before.length + 1,
    );
  }, 120_000);
});

describe("a browser that the person has signed in with before", () => {
  test("is known once all factors were given, not by the password alone", async () => {
    const user = await newUser();
    await giveSecondFactor(user);
    const who = visitor();
    await logIn(who, user);
    expect(who.cookies.has("devices")).toBe(false);
    await who.post("/login/second-factor", { code: new TOTP({ secret: secondFactorSecret }).generate() });
    expect(who.cookies.has("devices")).toBe(true);
  });

  test("is counted on its own: others in the same network do not touch it", async () => {
    const user = await newUser();
    const address = newAddress();
    const known = visitor(undefined, address);
    await logIn(known, user);
    await known.post("/logout");
    await guess(12, user, () => visitor(undefined, address));
    expect((await logIn(visitor(undefined, address), user)).status).toBe(429);
    expect((await logIn(known, user)).status).toBe(302);
  });

  test("is stopped itself after ten failures, and nobody else is", async () => {
    const user = await newUser();
    const known = visitor();
    await logIn(known, user);
    await known.post("/logout");
    expect(statuses(await guess(11, user, () => known))).toEqual([...Array(10).fill(401), 429]);
    expect((await logIn(visitor(), user)).status).toBe(302);
  });

  test("is one for that person only, and only with our signature", async () => {
    const [user, other] = [await newUser(), await newUser()];
    const address = newAddress();
    const known = visitor(undefined, address);
    await logIn(known, other);
    await known.post("/logout");
    await guess(10, user, () => visitor(undefined, address));
    expect((await logIn(known, user)).status).toBe(429);

    const forged = visitor(undefined, address);
    const value = Buffer.from(JSON.stringify([{ userId: user.id, deviceId: "x" }])).toString("base64");
    forged.cookies.set("devices", encodeURIComponent(`${value}.forged`));
    expect((await logIn(forged, user)).status).toBe(429);
  });

  test("is known by a cookie that no script reads", async () => {
    const answer = await logIn(visitor(), await newUser());
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith("devices="));
    expect(cookie?.split("; ").slice(1).sort()).toEqual([
      "HttpOnly",
      "Max-Age=34560000",
      "Path=/",
      "SameSite=Lax",
    ]);
  });
});

test("further accounts are limited by person, in JSON as on the page", async () => {
  const who = visitor(await signIn(await makeUser()));
  const open = () => who.json("/api/accounts", { accountName: "Padaria", document: newCpf() });
  for (let round = 0; round < 10; round++) expect((await open()).status).toBe(201);
  const refused = await open();
  expect(refused.status).toBe(429);
  expect(refused.json()).toMatchObject({ code: "too-many-attempts" });
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(3_000);
  const page = await who.post("/accounts/new", { accountName: "Padaria", document: newCpf() });
  expect(page.status).toBe(429);
  expect(page.text).toContain('value="Padaria"');
});
