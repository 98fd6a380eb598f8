import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import type { Context } from "#app/domain/context.ts";
import { db } from "#app/ports/db.server.ts";
import { contextOf, stranger } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import {
  giveSecondFactor,
  makeAccount,
  makeMember,
  makeUser,
  secondFactorSecret,
  type TestUser,
} from "#tests/support/scenario.ts";
import { calmStep, codeOf, wrongCodeOf } from "#tests/support/second-factor.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { hashPassword } from "../passwords/password.ts";
import { findSession, startSession } from "../sessions/sessions.ts";
import { disableSecondFactor } from "./disable-second-factor.ts";
import { enableSecondFactor } from "./enable-second-factor.ts";
import { offerSecondFactor } from "./offer-second-factor.ts";
import { readSecurity } from "./read-security.ts";
import { reauthenticate } from "./reauthenticate.ts";
import { renewRecoveryCodes } from "./renew-recovery-codes.ts";
import { resetSecondFactor } from "./reset-second-factor.ts";
import { sealSecret } from "./secret.ts";
import { codesPerSession, verifySecondFactor } from "./verify-second-factor.ts";

const password = "correto cavalo bateria";
const passwordHash = await hashPassword(password);

let person: TestUser;
beforeEach(async () => {
  await calmStep();
  person = await makeUser({ passwordHash });
});

/** A session of theirs, as signing in leaves it. */
async function begin(user: TestUser) {
  const { token, secondFactorDue } = await db.$transaction((tx) => startSession(tx, user.id, stranger()));
  const found = await findSession(token);
  const sessionId =
    found?.kind === "user"
      ? found.user.sessionId
      : found?.kind === "second-factor-due"
        ? found.sessionId
        : "";
  return { token, secondFactorDue, sessionId, userId: user.id };
}

/** Signed in and active in that session. */
async function contextIn(user: TestUser, sessionId: string): Promise<Context> {
  return { ...(await contextOf(user.id, null)), session: { id: sessionId, authenticatedAt: new Date() } };
}

async function setUp(user: TestUser) {
  const { sessionId, token } = await begin(user);
  const context = await contextIn(user, sessionId);
  const { offer } = await offerSecondFactor(context);
  const secret = offer.secret.replaceAll(" ", "");
  // Of the step before, so that those that tests sign in with are still unused.
  const { recoveryCodes } = await enableSecondFactor(context, {
    sealedSecret: offer.sealedSecret,
    code: codeOf(secret, -1),
  });
  return { context, sessionId, token, secret, recoveryCodes, offer };
}

const told = async (user: TestUser) =>
  (
    await queryAsOwner<{ kind: string; data: object }>(
      "SELECT kind, data FROM notification WHERE user_id = $1 ORDER BY created_at, id",
      [user.id],
    )
  ).map(({ kind, data }) => ({ kind, data }));

const refusal = (code: string) => expect.objectContaining({ code });
const outcomes = async (attempts: Promise<unknown>[]) =>
  (await Promise.allSettled(attempts)).map((result) =>
    result.status === "fulfilled"
      ? "won"
      : ((result.reason as { code?: string }).code ?? String(result.reason)),
  );

describe("setting it up", () => {
  test("nothing is written before a code has confirmed it, and the secret is encrypted for its owner", async () => {
    const context = await contextOf(person.id, null);
    const { offer } = await offerSecondFactor(context);
    expect(await queryAsOwner("SELECT 1 FROM second_factor WHERE user_id = $1", [person.id])).toEqual([]);
    const secret = offer.secret.replaceAll(" ", "");
    await expect(
      enableSecondFactor(context, { sealedSecret: offer.sealedSecret, code: wrongCodeOf(secret) }),
    ).rejects.toEqual(refusal("wrong-code"));
    expect(await queryAsOwner("SELECT 1 FROM second_factor WHERE user_id = $1", [person.id])).toEqual([]);

    await enableSecondFactor(context, { sealedSecret: offer.sealedSecret, code: codeOf(secret) });
    const [row] = await queryAsOwner<{ secret_encrypted: string; confirmed_at: Date }>(
      "SELECT secret_encrypted, confirmed_at FROM second_factor WHERE user_id = $1",
      [person.id],
    );
    expect(row?.secret_encrypted).not.toContain(secret);
    expect(row?.confirmed_at).toBeInstanceOf(Date);
    expect(await told(person)).toEqual([{ kind: "second-factor-enabled", data: {} }]);
  });

  test("what was offered is offered again until it is in use, and to nobody else", async () => {
    const context = await contextOf(person.id, null);
    const { offer } = await offerSecondFactor(context);
    expect((await offerSecondFactor(context, offer.sealedSecret)).offer.secret).toBe(offer.secret);
    const other = await contextOf((await makeUser()).id, null);
    const used = await setUp(await makeUser());
    expect((await offerSecondFactor(used.context, used.offer.sealedSecret)).offer.secret).not.toBe(
      used.offer.secret,
    );
    expect((await offerSecondFactor(other, offer.sealedSecret)).offer.secret).not.toBe(offer.secret);
    await expect(
      enableSecondFactor(other, {
        sealedSecret: offer.sealedSecret,
        code: codeOf(offer.secret.replaceAll(" ", "")),
      }),
    ).rejects.toEqual(refusal("conflict"));
  });

  test("6.5.2: ten recovery codes of 80 bits, of which the database holds hashes", async () => {
    const { recoveryCodes } = await setUp(person);
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    const rows = await queryAsOwner<{ text: string; length: number }>(
      "SELECT c::text AS text, length(code_hash) AS length FROM recovery_code c WHERE user_id = $1",
      [person.id],
    );
    expect(rows.map(({ length }) => length)).toEqual(Array(10).fill(32));
    const whole = JSON.stringify(
      (await queryAsOwner<{ text: string }>("SELECT e::text AS text FROM audit_event e")).concat(rows),
    );
    for (const code of recoveryCodes) expect(whole).not.toContain(code);
  });

  test("ends the person's other sessions and not this one", async () => {
    const elsewhere = await begin(person);
    const { token } = await setUp(person);
    expect(await findSession(elsewhere.token)).toBeNull();
    expect(await findSession(token)).toMatchObject({ kind: "user", user: { hasSecondFactor: true } });
  });

  test("posted twice at once, one answer has the codes and they work", async () => {
    const context = await contextOf(person.id, null);
    const { offer } = await offerSecondFactor(context);
    const code = codeOf(offer.secret.replaceAll(" ", ""));
    const input = { sealedSecret: offer.sealedSecret, code };
    const results = await outcomes([enableSecondFactor(context, input), enableSecondFactor(context, input)]);
    expect(results.sort()).toEqual(["already-done", "won"]);
    expect(await told(person)).toHaveLength(1);
  });

  test("another one takes the place of the first, whose codes are worth nothing then", async () => {
    const first = await setUp(person);
    const second = await setUp(person);
    const pending = await begin(person);
    for (const code of [codeOf(first.secret), first.recoveryCodes[0] ?? ""])
      await expect(verifySecondFactor(stranger(), { ...pending, code })).rejects.toEqual(
        refusal("wrong-code"),
      );
    await verifySecondFactor(stranger(), { ...pending, code: codeOf(second.secret) });
  });
});

describe("the second step of signing in", () => {
  test("6.3.3: is due for a sign-in that began while the factor was being set up", async () => {
    const begun = await db.$transaction(async (tx) => {
      // As `enableSecondFactor` does.
      await oneAtATime(tx, `second-factor:${person.id}`);
      const signingIn = db.$transaction((other) => startSession(other, person.id, stranger()));
      await sleep(300);
      await tx.secondFactor.create({
        data: {
          userId: person.id,
          secretEncrypted: sealSecret(secondFactorSecret, person.id),
          confirmedAt: new Date(),
        },
      });
      return { signingIn };
    });
    expect(await begun.signingIn).toMatchObject({ secondFactorDue: true });
  });

  test("6.3.3, 7.2.4: before it the session opens nothing; a code brings it into force under a new id", async () => {
    const { secret } = await setUp(person);
    const pending = await begin(person);
    expect(pending.secondFactorDue).toBe(true);
    expect(await findSession(pending.token)).toMatchObject({ kind: "second-factor-due" });
    const { token } = await verifySecondFactor(stranger(), { ...pending, code: codeOf(secret) });
    expect(await findSession(pending.token)).toBeNull();
    expect(await findSession(token)).toMatchObject({ kind: "user", user: { userId: person.id } });
  });

  test.each([
    ["in two groups", (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
    ["with the step before", (_: string, secret: string) => codeOf(secret, -1)],
    ["with the step after", (_: string, secret: string) => codeOf(secret, 1)],
  ])("takes a code %s", async (_, typed) => {
    await giveSecondFactor(person);
    const code = typed(codeOf(secondFactorSecret), secondFactorSecret);
    expect(await verifySecondFactor(stranger(), { ...(await begin(person)), code })).toMatchObject({
      kind: "totp",
    });
  });

  test("6.5.1: a code counts once, in this session and in others, and so do those before it", async () => {
    const { secret } = await setUp(person);
    const code = codeOf(secret);
    await verifySecondFactor(stranger(), { ...(await begin(person)), code });
    const again = await begin(person);
    for (const used of [code, codeOf(secret, -1)])
      await expect(verifySecondFactor(stranger(), { ...again, code: used })).rejects.toEqual(
        refusal("wrong-code"),
      );
    await verifySecondFactor(stranger(), { ...again, code: codeOf(secret, 1) });
  });

  test("6.5.1: of two sign-ins with one code at once, one gets in", async () => {
    const { secret } = await setUp(person);
    const code = codeOf(secret);
    const pending = [await begin(person), await begin(person), await begin(person)];
    const results = await outcomes(
      pending.map((session) => verifySecondFactor(stranger(), { ...session, code })),
    );
    expect(results.sort()).toEqual(["won", "wrong-code", "wrong-code"]);
  });

  test("6.5.1: of two sign-ins with one recovery code at once, one gets in", async () => {
    const { recoveryCodes } = await setUp(person);
    const code = recoveryCodes[3] ?? "";
    const pending = [await begin(person), await begin(person), await begin(person)];
    const results = await outcomes(
      pending.map((session) => verifySecondFactor(stranger(), { ...session, code })),
    );
    expect(results.sort()).toEqual(["won", "wrong-code", "wrong-code"]);
    expect((await told(person)).at(-1)).toEqual({ kind: "recovery-code-used", data: { left: 9 } });
  });

  test("a recovery code is taken however it is typed", async () => {
    const { recoveryCodes } = await setUp(person);
    const typed = [
      (code: string) => code.toLowerCase(),
      (code: string) => code.replaceAll("-", ""),
      (code: string) => ` ${code.replaceAll("-", " ")} `,
      (code: string) => code.replaceAll("O", "0").replaceAll("I", "1"),
    ];
    for (const [index, type] of typed.entries()) {
      const code = type(recoveryCodes[index] ?? "");
      expect(await verifySecondFactor(stranger(), { ...(await begin(person)), code })).toMatchObject({
        kind: "recovery-code",
      });
    }
  });

  test("nobody's recovery code is another's", async () => {
    const { recoveryCodes } = await setUp(await makeUser());
    await setUp(person);
    const pending = await begin(person);
    await expect(
      verifySecondFactor(stranger(), { ...pending, code: recoveryCodes[0] ?? "" }),
    ).rejects.toEqual(refusal("wrong-code"));
  });

  test("6.5.5: the fifth wrong code ends the sign-in, and a right one no longer helps", async () => {
    const { secret, recoveryCodes } = await setUp(person);
    const pending = await begin(person);
    const code = wrongCodeOf(secret);
    for (let given = 1; given < codesPerSession; given++)
      await expect(verifySecondFactor(stranger(), { ...pending, code })).rejects.toEqual(
        refusal("wrong-code"),
      );
    await expect(verifySecondFactor(stranger(), { ...pending, code })).rejects.toEqual(
      refusal("sign-in-over"),
    );
    expect(await findSession(pending.token)).toBeNull();
    for (const right of [codeOf(secret), recoveryCodes[0]])
      await expect(verifySecondFactor(stranger(), { ...pending, code: right })).rejects.toEqual(
        refusal("sign-in-over"),
      );
  });

  test("6.5.5: of fifty guesses at once, five are looked at", async () => {
    const { secret } = await setUp(person);
    const pending = await begin(person);
    // Recovery codes, which nothing but the session limits.
    const guesses = Array.from({ length: 50 }, (_, index) => `AAAA-AAAA-AAAA-${String(1000 + index)}`);
    const results = await outcomes(
      guesses.map((code) => verifySecondFactor(stranger(), { ...pending, code })),
    );
    expect(results.filter((code) => code === "wrong-code").length).toBeLessThan(codesPerSession);
    expect(new Set(results)).toEqual(new Set(["wrong-code", "sign-in-over"]));
    await expect(verifySecondFactor(stranger(), { ...pending, code: codeOf(secret) })).rejects.toEqual(
      refusal("sign-in-over"),
    );
  });

  test("6.3.1: guessing is throttled over sessions, and a recovery code still lets the owner in", async () => {
    const { secret, recoveryCodes } = await setUp(person);
    const code = wrongCodeOf(secret);
    const codes: string[] = [];
    for (let session = 0; session < 4; session++) {
      const pending = await begin(person);
      for (let given = 0; given < 3; given++)
        codes.push(...(await outcomes([verifySecondFactor(stranger(), { ...pending, code })])));
    }
    expect(codes.at(-1)).toBe("too-many-attempts");
    const own = await begin(person);
    await expect(verifySecondFactor(stranger(), { ...own, code: codeOf(secret) })).rejects.toEqual(
      refusal("too-many-attempts"),
    );
    await verifySecondFactor(stranger(), { ...own, code: recoveryCodes[0] ?? "" });
  });

  test("6.3.1: who guesses codes does not lock the owner out of a browser that they have used", async () => {
    const { secret } = await setUp(person);
    const code = wrongCodeOf(secret);
    for (let session = 0; session < 4; session++) {
      const pending = await begin(person);
      for (let given = 0; given < 3; given++)
        await outcomes([verifySecondFactor(stranger(), { ...pending, code })]);
    }
    const own = await begin(person);
    const right = { ...own, code: codeOf(secret) };
    const somebodyElses = [{ userId: (await makeUser()).id, deviceId: "x" }];
    await expect(verifySecondFactor(stranger(), { ...right, devices: somebodyElses })).rejects.toEqual(
      refusal("too-many-attempts"),
    );
    await verifySecondFactor(stranger(), { ...right, devices: [{ userId: person.id, deviceId: "x" }] });
  });

  test("a code that is too late begins anew, and so does one of a user who was disabled meanwhile", async () => {
    const { secret } = await setUp(person);
    const late = await begin(person);
    await queryAsOwner("UPDATE session SET expires_at = now() - interval '1 s' WHERE id = $1", [
      late.sessionId,
    ]);
    await expect(verifySecondFactor(stranger(), { ...late, code: codeOf(secret) })).rejects.toEqual(
      refusal("sign-in-over"),
    );
    const pending = await begin(person);
    await queryAsOwner('UPDATE "user" SET disabled_at = now() WHERE id = $1', [person.id]);
    await expect(verifySecondFactor(stranger(), { ...pending, code: codeOf(secret) })).rejects.toEqual(
      refusal("sign-in-over"),
    );
  });

  test("16.3.1: each outcome is in the log under the person, without the code", async () => {
    const { secret } = await setUp(person);
    const pending = await begin(person);
    const wrong = wrongCodeOf(secret);
    await outcomes([verifySecondFactor(stranger(), { ...pending, code: wrong })]);
    await verifySecondFactor(stranger(), { ...pending, code: codeOf(secret) });
    const events = await queryAsOwner<{
      outcome: string;
      code: string | null;
      details: object;
      text: string;
    }>(
      `SELECT outcome, code, details, e::text AS text FROM audit_event e
       WHERE action = 'sessions:verify-second-factor' AND resource_id = $1 ORDER BY occurred_at, id`,
      [person.id],
    );
    expect(events).toMatchObject([
      { outcome: "refused", code: "wrong-code", details: {} },
      { outcome: "succeeded", code: null, details: { proof: "totp" } },
    ]);
    for (const { text } of events) expect(text).not.toContain(wrong);
  });
});

describe("proving again who one is", () => {
  test("7.2.4, 7.5.1: password and code renew the session under a new id", async () => {
    const { secret, sessionId, token } = await setUp(person);
    await queryAsOwner("UPDATE session SET authenticated_at = now() - interval '1 h' WHERE id = $1", [
      sessionId,
    ]);
    const context = await contextIn(person, sessionId);
    const renewed = await reauthenticate(context, { password, code: codeOf(secret) });
    expect(await findSession(token)).toBeNull();
    const found = await findSession(renewed.token);
    expect(found?.kind === "user" && Date.now() - found.user.authenticatedAt.getTime()).toBeLessThan(10_000);
  });

  test("7.5.1: who has a second factor needs it here, too; who has none needs the password alone", async () => {
    const without = await begin(person);
    await reauthenticate(await contextIn(person, without.sessionId), { password });
    const { secret, recoveryCodes, context } = await setUp(person);
    await expect(reauthenticate(context, { password })).rejects.toEqual(refusal("invalid-input"));
    await expect(reauthenticate(context, { password, code: wrongCodeOf(secret) })).rejects.toEqual(
      refusal("wrong-code"),
    );
    await reauthenticate(context, { password, code: recoveryCodes[0] });
  });

  test("a wrong password uses no code up, and ten of them stop this session alone", async () => {
    const { secret, recoveryCodes, context } = await setUp(person);
    const other = await begin(person);
    await expect(reauthenticate(context, { password: "wrong", code: recoveryCodes[0] })).rejects.toEqual(
      refusal("wrong-password"),
    );
    for (let attempt = 1; attempt < 10; attempt++)
      await outcomes([reauthenticate(context, { password: "wrong", code: recoveryCodes[0] })]);
    await expect(reauthenticate(context, { password, code: recoveryCodes[0] })).rejects.toEqual(
      refusal("too-many-attempts"),
    );
    await verifySecondFactor(stranger(), { ...other, code: codeOf(secret) });
    await reauthenticate(await contextIn(person, other.sessionId), { password, code: recoveryCodes[0] });
  });

  test("6.3.1: guesses of who has taken a session over do not keep the owner from signing in", async () => {
    const { secret, context } = await setUp(person);
    for (let attempt = 0; attempt < 12; attempt++)
      await outcomes([reauthenticate(context, { password: "wrong", code: wrongCodeOf(secret) })]);
    const signedIn = await verifySecondFactor(stranger(), {
      ...(await begin(person)),
      code: codeOf(secret),
    });
    expect(signedIn).toMatchObject({ kind: "totp", secondFactorDue: false });
  });

  test("nobody proves anything with a password that they do not have", async () => {
    const user = await makeUser();
    const { sessionId } = await begin(user);
    await expect(reauthenticate(await contextIn(user, sessionId), { password })).rejects.toEqual(
      refusal("wrong-password"),
    );
  });
});

describe("recovery codes", () => {
  test("new ones take the place of the old; posted twice at once, one answer has them", async () => {
    const { context, recoveryCodes } = await setUp(person);
    const setId = (await readSecurity(context)).recoveryCodeSetId;
    const results = await Promise.allSettled([
      renewRecoveryCodes(context, { setId }),
      renewRecoveryCodes(context, { setId }),
    ]);
    const shown = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(shown).toHaveLength(1);
    const pending = await begin(person);
    await expect(
      verifySecondFactor(stranger(), { ...pending, code: recoveryCodes[0] ?? "" }),
    ).rejects.toEqual(refusal("wrong-code"));
    await verifySecondFactor(stranger(), { ...pending, code: shown[0]?.recoveryCodes[0] ?? "" });
    expect((await told(person)).map(({ kind }) => kind)).toEqual([
      "second-factor-enabled",
      "recovery-codes-renewed",
      "recovery-code-used",
    ]);
  });
});

describe("removing it", () => {
  test("leaves the password, ends other sessions and tells the person", async () => {
    const { context, secret, token } = await setUp(person);
    const other = await begin(person);
    await verifySecondFactor(stranger(), { ...other, code: codeOf(secret) });
    await disableSecondFactor(context, {});
    expect((await begin(person)).secondFactorDue).toBe(false);
    expect(await findSession(token)).toMatchObject({ kind: "user" });
    expect(await queryAsOwner("SELECT 1 FROM recovery_code WHERE user_id = $1", [person.id])).toEqual([]);
    expect((await told(person)).at(-1)).toEqual({ kind: "second-factor-disabled", data: {} });
    await expect(disableSecondFactor(context, {})).rejects.toEqual(refusal("already-done"));
  });

  test("6.3.3: is not for the provider's staff, nor where an account asks for one", async () => {
    const operator = await makeUser({ providerRole: "operator" });
    await expect(disableSecondFactor(await contextOf(operator.id, null), {})).rejects.toEqual(
      refusal("second-factor-needed"),
    );
    const account = await makeAccount();
    const member = await makeMember(account, "developer");
    await giveSecondFactor(member);
    await queryAsOwner("UPDATE account SET require_second_factor = true WHERE id = $1", [account.id]);
    await expect(disableSecondFactor(await contextOf(member.id, null), {})).rejects.toEqual(
      refusal("second-factor-needed"),
    );
  });

  test("7.5.1: setting up, removing and renewing ask for a fresh proof", async () => {
    const { context, offer } = await setUp(person);
    const stale: Context = {
      ...context,
      session: { id: crypto.randomUUID(), authenticatedAt: new Date(Date.now() - 16 * 60_000) },
    };
    const again = refusal("reauthentication-required");
    await expect(offerSecondFactor(stale)).rejects.toEqual(again);
    await expect(
      enableSecondFactor(stale, { sealedSecret: offer.sealedSecret, code: "000000" }),
    ).rejects.toEqual(again);
    await expect(disableSecondFactor(stale, {})).rejects.toEqual(again);
    await expect(renewRecoveryCodes(stale, { setId: crypto.randomUUID() })).rejects.toEqual(again);
  });
});

describe("an operator's reset", () => {
  test("removes factor and codes, ends sessions, tells the person, and stands in the log with its reason", async () => {
    const { token } = await setUp(person);
    const operator = await makeUser({ providerRole: "operator" });
    const context = await contextOf(operator.id, null);
    await resetSecondFactor(context, { userId: person.id, reason: "Lost the phone, called back" });
    expect(await findSession(token)).toBeNull();
    expect((await begin(person)).secondFactorDue).toBe(false);
    expect((await told(person)).at(-1)).toEqual({ kind: "second-factor-reset", data: {} });
    const [event] = await queryAsOwner(
      "SELECT resource_id, details FROM audit_event WHERE request_id = $1 AND outcome = 'succeeded'",
      [context.origin.requestId],
    );
    expect(event).toEqual({
      resource_id: person.id,
      details: { reason: "Lost the phone, called back", endedSessions: 1 },
    });
    await expect(resetSecondFactor(context, { userId: person.id, reason: "again" })).rejects.toEqual(
      refusal("already-done"),
    );
  });

  test("is not for the operator's own", async () => {
    const operator = await makeUser({ providerRole: "operator" });
    await expect(
      resetSecondFactor(await contextOf(operator.id, null), { userId: operator.id, reason: "mine" }),
    ).rejects.toEqual(refusal("own-user"));
  });
});
