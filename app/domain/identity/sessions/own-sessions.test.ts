// ASVS 5.0: 7.4.5, 7.5.2. What the pages make of it is in tests/routes/sessions.test.ts.
import { randomUUID } from "node:crypto";
import { expect, test, vi } from "vitest";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeUser, signIn, type TestUser } from "#tests/support/scenario.ts";
import type { Context } from "../../context.ts";
import { endOwnSessions } from "./end-own-sessions.ts";
import { endSession } from "./end-session.ts";
import { endSessionsOf } from "./end-sessions-of.ts";
import { getOwnSession, listOwnSessions, listSessionsOf } from "./read-sessions.ts";

const idsOf = async (user: TestUser) =>
  (await queryAsOwner<{ id: string }>("SELECT id FROM session WHERE user_id = $1", [user.id]))
    .map(({ id }) => id)
    .sort();

/** A person with so many sessions, in the first of which they are. */
async function personWith(sessions: number): Promise<{ user: TestUser; ids: string[]; context: Context }> {
  const user = await makeUser();
  for (let number = 0; number < sessions; number++) await signIn(user);
  const ids = await idsOf(user);
  const context = await contextOf(user.id, null);
  return { user, ids, context: { ...context, session: { id: ids[0] ?? "", authenticatedAt: new Date() } } };
}

test("7.5.2: the list has one's own sessions that open something, and says which one asks", async () => {
  const { user, ids, context } = await personWith(5);
  await personWith(1);
  const [, , due, idle, over] = ids;
  await queryAsOwner("UPDATE session SET second_factor_due = true WHERE id = $1", [due]);
  await queryAsOwner("UPDATE session SET last_seen_at = now() - interval '13 hours' WHERE id = $1", [idle]);
  await queryAsOwner("UPDATE session SET expires_at = now() WHERE id = $1", [over]);
  await queryAsOwner("UPDATE session SET address = '192.0.2.9', user_agent = 'curl/8.5.0' WHERE id = $1", [
    ids[1],
  ]);
  const sessions = await listOwnSessions(context);
  expect(sessions.map(({ id }) => id).sort()).toEqual(ids.slice(0, 2));
  expect(sessions.find(({ isCurrent }) => isCurrent)?.id).toBe(ids[0]);
  expect(sessions.find(({ id }) => id === ids[1])).toMatchObject({
    address: "192.0.2.9",
    device: { browser: "curl", system: null },
    isCurrent: false,
  });
  const operator = await makeUser({ providerRole: "operator" });
  const seen = await listSessionsOf(await contextOf(operator.id, null), user.id);
  expect(seen.map(({ id }) => id).sort()).toEqual(ids.slice(0, 2));
});

test("8.2.2: another person's session does not exist", async () => {
  const { context } = await personWith(1);
  const other = await personWith(1);
  for (const sessionId of [other.ids[0] ?? "", randomUUID()]) {
    await expect(getOwnSession(context, sessionId)).rejects.toMatchObject({ code: "not-found" });
    await expect(endSession(context, { sessionId })).rejects.toMatchObject({ code: "not-found" });
  }
  expect(await idsOf(other.user)).toEqual(other.ids);
});

test("7.5.2: one is ended, or all others, or all", async () => {
  const { user, ids, context } = await personWith(4);
  const other = await personWith(1);
  expect(await endSession(context, { sessionId: ids[3] })).toEqual({ isCurrent: false });
  expect(await idsOf(user)).toEqual(ids.slice(0, 3));
  expect(await endOwnSessions(context, { scope: "others" })).toEqual({ scope: "others", ended: 2 });
  expect(await idsOf(user)).toEqual(ids.slice(0, 1));
  expect(await endOwnSessions(context, { scope: "all" })).toMatchObject({ ended: 1 });
  expect(await idsOf(user)).toEqual([]);
  expect(await idsOf(other.user)).toEqual(other.ids);
});

test("7.5.2: ending asks for a fresh proof of who somebody is; seeing does not", async () => {
  const { user, ids, context } = await personWith(2);
  const old = {
    ...context,
    session: { id: ids[0] ?? "", authenticatedAt: new Date(Date.now() - 16 * 60_000) },
  };
  expect(await listOwnSessions(old)).toHaveLength(2);
  const refusal = { code: "reauthentication-required" };
  await expect(endSession(old, { sessionId: ids[1] })).rejects.toMatchObject(refusal);
  await expect(endOwnSessions(old, { scope: "others" })).rejects.toMatchObject(refusal);
  expect(await idsOf(user)).toEqual(ids);
});

test("7.4.5: an operator ends one session of somebody, or all, with a reason that the log keeps", async () => {
  const { user, ids } = await personWith(3);
  const other = await personWith(1);
  const operator = await makeUser({ providerRole: "operator" });
  const context = await contextOf(operator.id, null);
  const reason = "Reported as stolen";
  await expect(
    endSessionsOf(context, { userId: user.id, sessionId: other.ids[0], reason }),
  ).rejects.toMatchObject({ code: "not-found" });
  expect(await endSessionsOf(context, { userId: user.id, sessionId: ids[0], reason })).toEqual({ ended: 1 });
  expect(await endSessionsOf(context, { userId: user.id, reason })).toEqual({ ended: 2 });
  expect(await idsOf(user)).toEqual([]);
  expect(await idsOf(other.user)).toEqual(other.ids);
  const events = await queryAsOwner(
    `SELECT actor_id, resource_id, details FROM audit_event
     WHERE action = 'users:end-sessions' AND outcome = 'succeeded' ORDER BY id`,
  );
  expect(events).toEqual([
    { actor_id: operator.id, resource_id: user.id, details: { reason, sessionId: ids[0], ended: 1 } },
    { actor_id: operator.id, resource_id: user.id, details: { reason, sessionId: null, ended: 2 } },
  ]);
  for (const providerRole of ["support", "auditor"] as const) {
    const staff = await contextOf((await makeUser({ providerRole })).id, null);
    await expect(endSessionsOf(staff, { userId: user.id, reason })).rejects.toMatchObject({
      code: "forbidden",
    });
  }
});

test("7.3.1, 7.3.2: both limits are the installation's to set", async () => {
  vi.stubEnv("SESSION_IDLE_HOURS", "2");
  vi.stubEnv("SESSION_ABSOLUTE_DAYS", "7");
  vi.resetModules();
  const set = await import("./sessions.ts");
  expect([set.idleLimitMs, set.absoluteLimitMs]).toEqual([2 * 3_600_000, 7 * 86_400_000]);
  vi.unstubAllEnvs();
});
