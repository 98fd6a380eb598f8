import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#app/ports/db.server.ts";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser, type TestAccount } from "#tests/support/scenario.ts";
import type { Context } from "../context.ts";
import { endOfDay } from "./end-of-day.ts";
import { getKeyPolicy, getKeyPolicyForAll, requireAllowedEnd } from "./key-policy.ts";
import { listAccessKeys } from "./read-access-keys.ts";
import { setKeyPolicy, setKeyPolicyForAll } from "./set-key-policy.ts";

let account: TestAccount;
let owner: Context;
let operator: Context;

beforeEach(async () => {
  account = await makeAccount();
  owner = await contextOf((await makeMember(account, "owner")).id, account.id);
  operator = await contextOf((await makeUser({ providerRole: "operator" })).id, null);
  await setKeyPolicyForAll(operator, {});
});

const requireEnd = (end: Date | null, accountId = account.id) =>
  db.$transaction((tx) => requireAllowedEnd(tx, accountId, end));

const lastMomentOf = (day: string) => db.$transaction((tx) => endOfDay(tx, day));

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

describe("the maximum age", () => {
  test("is nobody's until somebody sets it", async () => {
    expect(await getKeyPolicy(owner)).toMatchObject({
      ownMaxAgeDays: null,
      providerMaxAgeDays: null,
      maxAgeDays: null,
      latestDay: null,
    });
    await requireEnd(null);
    await requireEnd(new Date("2099-12-31"));
  });

  test("the stricter of the account's and the provider's counts", async () => {
    await setKeyPolicy(owner, { maxAgeDays: "90" });
    await setKeyPolicyForAll(operator, { maxAgeDays: "30" });
    const policy = await getKeyPolicy(owner);
    expect(policy).toMatchObject({ ownMaxAgeDays: 90, providerMaxAgeDays: 30, maxAgeDays: 30 });
    expect(policy.latestDay).toBe(daysAfter(policy.today, 30));
    await setKeyPolicy(owner, { maxAgeDays: "7" });
    expect(await getKeyPolicy(owner)).toMatchObject({ maxAgeDays: 7 });
    expect(await getKeyPolicyForAll(operator)).toBe(30);
    await setKeyPolicy(owner, {});
    expect(await getKeyPolicy(owner)).toMatchObject({ ownMaxAgeDays: null, maxAgeDays: 30 });
  });

  test("one account's is not another's", async () => {
    await setKeyPolicy(owner, { maxAgeDays: 1 });
    const other = await makeAccount();
    await expect(requireEnd(null, other.id)).resolves.toBeUndefined();
  });

  test.each(["0", "3651", "1.5", "many", "-1"])("cannot be %s", async (maxAgeDays) => {
    for (const [command, context] of [
      [setKeyPolicy, owner],
      [setKeyPolicyForAll, operator],
    ] as const)
      await expect(command(context, { maxAgeDays })).rejects.toMatchObject({ code: "invalid-input" });
  });

  test("two owners at once leave one row, and the log knows both changes", async () => {
    await Promise.all([1, 2, 3, 4].map((days) => setKeyPolicy(owner, { maxAgeDays: days })));
    const rows = await queryAsOwner("SELECT 1 FROM access_key_policy WHERE account_id = $1", [account.id]);
    expect(rows).toHaveLength(1);
    const events = await queryAsOwner<{ details: { before: unknown; after: unknown } }>(
      "SELECT details FROM audit_event WHERE account_id = $1 AND action = 'access-keys:set-policy'",
      [account.id],
    );
    // Each begins with what another ended with: none was lost.
    const ends = [{ maxAgeDays: null }, ...events.map(({ details }) => details.after)];
    const texts = (values: unknown[]) => values.map((value) => JSON.stringify(value)).sort();
    const last = JSON.stringify({ maxAgeDays: (await getKeyPolicy(owner)).ownMaxAgeDays });
    expect(texts(events.map(({ details }) => details.before))).toEqual(
      texts(ends).filter((text, index, all) => text !== last || all.indexOf(text) !== index),
    );
  });

  test("all operators at once leave one row for all accounts", async () => {
    await Promise.all([10, 20, 30].map((days) => setKeyPolicyForAll(operator, { maxAgeDays: days })));
    const rows = await queryAsOwner("SELECT 1 FROM access_key_policy WHERE account_id IS NULL");
    expect(rows).toHaveLength(1);
  });
});

describe("a new key", () => {
  test("needs an end, and one that is allowed: its last day may be the latest, whole", async () => {
    await setKeyPolicy(owner, { maxAgeDays: "30" });
    const { latestDay } = await getKeyPolicy(owner);
    const latest = latestDay ?? "";
    await requireEnd(await lastMomentOf(latest));
    await requireEnd(await lastMomentOf(daysAfter(latest, -29)));
    await expect(requireEnd(null)).rejects.toMatchObject({
      issues: [{ path: ["expiresOn"], message: "endRequired", params: { days: 30, latest } }],
    });
    await expect(requireEnd(await lastMomentOf(daysAfter(latest, 1)))).rejects.toMatchObject({
      issues: [{ path: ["expiresOn"], message: "endPastPolicy", params: { days: 30, latest } }],
    });
  });
});

describe("keys that are there", () => {
  const addKey = async (values: { agedDays: number; endsInDays?: number; state?: string; name?: string }) => {
    const id = randomUUID();
    const { agedDays, endsInDays = null, state = "active", name = "chave" } = values;
    await queryAsOwner(
      `INSERT INTO access_key (id, account_id, name, access_key_id, permission, all_buckets, state, request_id,
                               created_at, expires_at)
       VALUES ($1, $2, $6, $3, 'read', true, $4::access_key_state, gen_random_uuid(),
               now() - $5 * interval '1 day', now() + $7::int * interval '1 day')`,
      [id, account.id, `BLD${id.slice(0, 8).toUpperCase()}`, state, agedDays, name, endsInDays],
    );
    return id;
  };
  const listed = async (query: Record<string, string>) =>
    (await listAccessKeys(owner, query)).accessKeys.map(({ id }) => id).sort();

  test("are listed where they are older, or would work for longer; nothing is done to them", async () => {
    const old = await addKey({ agedDays: 40 });
    const endless = await addKey({ agedDays: 1 });
    const late = await addKey({ agedDays: 1, endsInDays: 60 });
    const stopped = await addKey({ agedDays: 40, state: "inactive" });
    await addKey({ agedDays: 1, endsInDays: 20 });
    await addKey({ agedDays: 40, state: "revoked" });
    expect(await listed({ state: "beyond-policy" })).toEqual([]);

    await setKeyPolicy(owner, { maxAgeDays: "30" });
    expect(await listed({ state: "beyond-policy" })).toEqual([old, endless, late, stopped].sort());
    const { accessKeys } = await listAccessKeys(owner, {});
    const until = (id: string) => accessKeys.find((key) => key.id === id)?.allowedUntil?.getTime() ?? 0;
    expect(until(old)).toBeLessThan(Date.now());
    expect(until(endless)).toBeGreaterThan(Date.now() + 28 * 86_400_000);
    expect(accessKeys.filter(({ allowedUntil }) => allowedUntil !== null)).toHaveLength(4);
    const [row] = await queryAsOwner("SELECT state, expires_at FROM access_key WHERE id = $1", [old]);
    expect(row).toEqual({ state: "active", expires_at: null });
  });

  test("are found by their state, part of their name and the beginning of their id", async () => {
    const active = await addKey({ agedDays: 1, name: "Cópia 100% noturna" });
    const stopping = await addKey({ agedDays: 1, state: "deactivating", name: "Cópia diurna" });
    const revoked = await addKey({ agedDays: 1, state: "revoked", name: "Antiga" });
    await addKey({ agedDays: 1, state: "failed", name: "Cópia que falhou" });
    expect(await listed({ state: "active" })).toEqual([active]);
    expect(await listed({ state: "inactive" })).toEqual([stopping]);
    expect(await listed({ state: "revoked" })).toEqual([revoked]);
    expect(await listed({ q: "cópia" })).toEqual([active, stopping].sort());
    expect(await listed({ q: "100%" })).toEqual([active]);
    expect(await listed({ q: "100_" })).toEqual([]);
    expect(await listed({ q: "cópia", state: "inactive" })).toEqual([stopping]);
    expect(await listed({ q: `BLD${revoked.slice(0, 8).toUpperCase()}` })).toEqual([revoked]);
    expect(await listed({ state: "no such state" })).toHaveLength(3);
  });
});
