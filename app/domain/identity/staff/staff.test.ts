import { beforeEach, describe, expect, test } from "vitest";
import type { ProviderRole } from "#app/generated/prisma/enums.ts";
import { contextOf, stranger } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeUser, signIn, type TestUser } from "#tests/support/scenario.ts";
import { systemContext } from "../../context.ts";
import { mintLinkToken } from "../link-tokens.ts";
import { verifyPassword } from "../passwords/password.ts";
import { findSession } from "../sessions/sessions.ts";
import { changeProviderRole } from "./change-provider-role.ts";
import { disableUser } from "./disable-user.ts";
import { enableUser } from "./enable-user.ts";
import { completeRecovery, findRecovery, issueRecoveryLink } from "./recover-operator.ts";
import { sendPasswordReset } from "./send-password-reset.ts";

const reason = "pedido do chamado 1234";
const password = "uma frase comprida e só minha";
let operator: TestUser;

beforeEach(async () => {
  // The operators of the test before are none any more.
  await queryAsOwner(`UPDATE "user" SET provider_role = NULL`);
  operator = await makeUser({ providerRole: "operator" });
});

const as = (user: TestUser) => contextOf(user.id, null);

async function rowOf({ id }: TestUser) {
  const [row] = await queryAsOwner<{
    provider_role: ProviderRole | null;
    disabled_at: Date | null;
    password_hash: string | null;
  }>(`SELECT provider_role, disabled_at, password_hash FROM "user" WHERE id = $1`, [id]);
  return row;
}

async function tokenOf(cookie: string): Promise<string> {
  const { sessionCookie } = await import("#app/http/session.server.ts");
  return (await sessionCookie.parse(cookie.split(";")[0] ?? "")) as string;
}

/** Runs both and answers how each ended. */
async function atOnce(...attempts: Promise<unknown>[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(attempts);
  return outcomes.map((outcome) =>
    outcome.status === "fulfilled" ? "done" : (outcome.reason as { code: string }).code,
  );
}

function lastEvent(action: string) {
  return queryAsOwner<{ actor_kind: string; actor_id: string; outcome: string; details: object }>(
    "SELECT actor_kind, actor_id, outcome, details FROM audit_event WHERE action = $1 ORDER BY occurred_at DESC LIMIT 1",
    [action],
  ).then(([event]) => event);
}

describe("disabling", () => {
  test("7.4.2: ends every session at once, and what asks for a way in finds none", async () => {
    const user = await makeUser();
    const tokens = [await tokenOf(await signIn(user)), await tokenOf(await signIn(user))];
    await mintLinkToken("password_reset", user.id);
    expect(await findSession(tokens[0] ?? "")).toMatchObject({ kind: "user" });

    await disableUser(await as(operator), { userId: user.id, reason });
    for (const token of tokens) expect(await findSession(token)).toBeNull();
    expect((await rowOf(user))?.disabled_at).toBeInstanceOf(Date);
    expect(await queryAsOwner("SELECT 1 FROM link_token WHERE subject_id = $1", [user.id])).toEqual([]);
    expect(await lastEvent("users:disable")).toMatchObject({
      actor_id: operator.id,
      details: { reason, endedSessions: 2 },
    });
  });

  test("a session that began meanwhile does not wake up when the user is enabled again", async () => {
    const user = await makeUser();
    await disableUser(await as(operator), { userId: user.id, reason });
    const token = await tokenOf(await signIn(user));
    await enableUser(await as(operator), { userId: user.id, reason });
    expect((await rowOf(user))?.disabled_at).toBeNull();
    expect(await findSession(token)).toBeNull();
    expect(await findSession(await tokenOf(await signIn(user)))).toMatchObject({ kind: "user" });
  });

  test("oneself is refused, and so is what was done already", async () => {
    const user = await makeUser();
    const context = await as(operator);
    await expect(disableUser(context, { userId: operator.id, reason })).rejects.toMatchObject({
      code: "own-user",
    });
    await expect(enableUser(context, { userId: user.id, reason })).rejects.toMatchObject({
      code: "already-done",
    });
    await disableUser(context, { userId: user.id, reason });
    await expect(disableUser(context, { userId: user.id, reason })).rejects.toMatchObject({
      code: "already-done",
    });
  });

  test("a closed user stays closed", async () => {
    const user = await makeUser();
    await queryAsOwner(`UPDATE "user" SET disabled_at = now(), closed_at = now() WHERE id = $1`, [user.id]);
    await expect(enableUser(await as(operator), { userId: user.id, reason })).rejects.toMatchObject({
      code: "already-done",
    });
    await expect(
      changeProviderRole(await as(operator), { userId: user.id, role: "operator", reason }),
    ).rejects.toMatchObject({ code: "not-found" });
  });

  test("without a reason nothing happens", async () => {
    const user = await makeUser();
    await expect(disableUser(await as(operator), { userId: user.id })).rejects.toMatchObject({
      code: "invalid-input",
    });
    expect((await rowOf(user))?.disabled_at).toBeNull();
  });
});

describe("the last operator", () => {
  test("keeps the role", async () => {
    await makeUser({ providerRole: "support" });
    const context = await as(operator);
    for (const role of ["none", "support", "auditor"]) {
      await expect(changeProviderRole(context, { userId: operator.id, role, reason })).rejects.toMatchObject({
        code: "last-operator",
      });
    }
    expect((await rowOf(operator))?.provider_role).toBe("operator");
  });

  test("a disabled colleague does not count", async () => {
    const colleague = await makeUser({ providerRole: "operator" });
    await disableUser(await as(operator), { userId: colleague.id, reason });
    await expect(
      changeProviderRole(await as(operator), { userId: operator.id, role: "none", reason }),
    ).rejects.toMatchObject({ code: "last-operator" });
    // Whom nobody counts may lose the role.
    await changeProviderRole(await as(operator), { userId: colleague.id, role: "none", reason });
  });

  test("two operators who take the role from each other at once: exactly one wins", async () => {
    for (let round = 0; round < 5; round++) {
      await queryAsOwner(`UPDATE "user" SET provider_role = NULL`);
      const [a, b] = [
        await makeUser({ providerRole: "operator" }),
        await makeUser({ providerRole: "operator" }),
      ];
      const outcomes = await atOnce(
        changeProviderRole(await as(a), { userId: b.id, role: "none", reason }),
        changeProviderRole(await as(b), { userId: a.id, role: "auditor", reason }),
      );
      expect(outcomes.toSorted()).toEqual(["done", expect.stringMatching(/^(last-operator|forbidden)$/)]);
      expect(await queryAsOwner(`SELECT 1 FROM "user" WHERE provider_role = 'operator'`)).toHaveLength(1);
    }
  });

  test("two operators who disable each other at once: exactly one wins", async () => {
    for (let round = 0; round < 5; round++) {
      await queryAsOwner(`UPDATE "user" SET provider_role = NULL`);
      const [a, b] = [
        await makeUser({ providerRole: "operator" }),
        await makeUser({ providerRole: "operator" }),
      ];
      const outcomes = await atOnce(
        disableUser(await as(a), { userId: b.id, reason }),
        disableUser(await as(b), { userId: a.id, reason }),
      );
      expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
      expect(
        await queryAsOwner(`SELECT 1 FROM "user" WHERE provider_role = 'operator' AND disabled_at IS NULL`),
      ).toHaveLength(1);
    }
  });
});

test("a staff role is given and taken, and the log has before, after and why", async () => {
  const user = await makeUser();
  await changeProviderRole(await as(operator), { userId: user.id, role: "support", reason });
  expect((await rowOf(user))?.provider_role).toBe("support");
  expect(await lastEvent("users:change-provider-role")).toMatchObject({
    actor_id: operator.id,
    details: { before: { providerRole: null }, after: { providerRole: "support" }, reason },
  });
  // It counts for nothing before there is a second factor.
  expect((await contextOf(user.id, null)).access).toMatchObject({
    providerRole: "support",
    secondFactorMissing: true,
  });
  await expect(
    changeProviderRole(await as(operator), { userId: user.id, role: "support", reason }),
  ).rejects.toMatchObject({ code: "already-done" });
  await changeProviderRole(await as(operator), { userId: user.id, role: "none", reason });
  expect((await contextOf(user.id, null)).access.providerRole).toBeNull();
});

test("a link for a new password is mailed, not shown; a disabled user gets none", async () => {
  const user = await makeUser();
  expect(await sendPasswordReset(await as(operator), { userId: user.id, reason })).toEqual({ id: user.id });
  const mails = await queryAsOwner(
    "SELECT message FROM email WHERE message = 'password-reset' AND data->>'userId' = $1",
    [user.id],
  );
  expect(mails).toHaveLength(1);
  await disableUser(await as(operator), { userId: user.id, reason });
  await expect(sendPasswordReset(await as(operator), { userId: user.id, reason })).rejects.toMatchObject({
    code: "user-disabled",
  });
});

describe("recovery", () => {
  const shell = () => systemContext("operator-recover", null, crypto.randomUUID());
  const linkFor = async (email: string, promote = false) =>
    (await issueRecoveryLink(shell(), { email, promote })).token;

  test("lets an operator in with a new password, and without the old second factor and sessions", async () => {
    const old = await tokenOf(await signIn(operator));
    await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [operator.id]);
    const reset = await mintLinkToken("password_reset", operator.id);
    // As somebody would who had taken a session over: it would let them in before the second factor is there again.
    await queryAsOwner(
      `INSERT INTO identity (id, user_id, provider, issuer, subject, label)
       VALUES (gen_random_uuid(), $1, 'corp', 'https://corp.example', 'intruder', 'x')`,
      [operator.id],
    );
    const token = await linkFor(operator.email);
    expect(await findRecovery(token)).toMatchObject({ email: operator.email });

    const session = await completeRecovery(stranger(), { token, password });
    expect(session).toMatchObject({ userId: operator.id, secondFactorDue: false });
    expect(await findSession(session.token)).toMatchObject({
      kind: "user",
      user: { hasSecondFactor: false },
    });
    expect(await findSession(old)).toBeNull();
    const row = await rowOf(operator);
    expect(row).toMatchObject({ disabled_at: null, provider_role: "operator" });
    expect(await verifyPassword(row?.password_hash ?? null, password)).toBe(true);
    expect(await queryAsOwner("SELECT 1 FROM second_factor WHERE user_id = $1", [operator.id])).toEqual([]);
    expect(await queryAsOwner("SELECT 1 FROM identity WHERE user_id = $1", [operator.id])).toEqual([]);
    expect(reset).toBeTruthy();
    expect(await queryAsOwner("SELECT 1 FROM link_token WHERE subject_id = $1", [operator.id])).toEqual([]);
    // Nothing of the operators' is open before there is a new one (ASVS 6.3.3).
    expect((await as(operator)).access.secondFactorMissing).toBe(true);
    const notices = await queryAsOwner<{ kind: string }>(
      "SELECT kind FROM notification WHERE user_id = $1 ORDER BY kind",
      [operator.id],
    );
    expect(notices.map(({ kind }) => kind)).toEqual(["password-changed", "second-factor-reset"]);
    expect(await lastEvent("operators:recover")).toMatchObject({
      actor_kind: "system",
      actor_id: "operator-recover",
      details: { promotes: false },
    });
    expect(await lastEvent("operators:complete-recovery")).toMatchObject({ outcome: "succeeded" });
  });

  test("another user becomes an operator by using a link, and only by a link that says so", async () => {
    const user = await makeUser();
    await expect(linkFor(user.email)).rejects.toMatchObject({ code: "forbidden" });
    const token = await linkFor(user.email, true);
    expect((await rowOf(user))?.provider_role).toBeNull();
    await completeRecovery(stranger(), { token, password });
    expect((await rowOf(user))?.provider_role).toBe("operator");
  });

  test("a link works once, and the last one made: two at once, exactly one wins", async () => {
    const first = await linkFor(operator.email);
    const second = await linkFor(operator.email);
    expect(await findRecovery(first)).toBeNull();
    const outcomes = await atOnce(
      completeRecovery(stranger(), { token: second, password }),
      completeRecovery(stranger(), { token: second, password: `${password}!` }),
      completeRecovery(stranger(), { token: first, password }),
    );
    expect(outcomes.toSorted()).toEqual(["done", "link-invalid", "link-invalid"]);
    expect(await findRecovery(second)).toBeNull();
  });

  test("what an operator decides after the link was made, holds", async () => {
    const colleague = await makeUser({ providerRole: "operator" });
    const demoted = await linkFor(colleague.email);
    await changeProviderRole(await as(operator), { userId: colleague.id, role: "none", reason });
    await expect(completeRecovery(stranger(), { token: demoted, password })).rejects.toMatchObject({
      code: "link-invalid",
    });
    const disabled = await linkFor(colleague.email, true);
    await disableUser(await as(operator), { userId: colleague.id, reason });
    await expect(completeRecovery(stranger(), { token: disabled, password })).rejects.toMatchObject({
      code: "link-invalid",
    });
  });

  test("nobody asks for a link from outside of the server", async () => {
    await expect(
      issueRecoveryLink(await as(operator), { email: operator.email, promote: false }),
    ).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(linkFor("ninguem@example.test")).rejects.toMatchObject({ code: "not-found" });
  });
});
