import { describe, expect, test } from "vitest";
import { db } from "#app/ports/db.server.ts";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import {
  makeAccount,
  makeMember,
  makeUser,
  type TestAccount,
  type TestUser,
} from "#tests/support/scenario.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { readAccess } from "../identity/read-access.ts";
import { changeRole } from "./change-role.ts";
import { endMemberships } from "./end-membership.ts";
import { listSoleOwnerships } from "./last-owner.ts";
import { leaveAccount } from "./leave-account.ts";
import { getOwnMembership, listMembers } from "./read-members.ts";
import { transferOwnership } from "./transfer-ownership.ts";

async function codeOf(attempt: Promise<unknown>): Promise<string | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

async function idOf(account: TestAccount, user: TestUser): Promise<string> {
  const [row] = await queryAsOwner<{ id: string }>(
    "SELECT id FROM member WHERE account_id = $1 AND user_id = $2",
    [account.id, user.id],
  );
  return row?.id ?? "";
}

async function rolesIn(account: TestAccount): Promise<Record<string, string>> {
  const rows = await queryAsOwner<{ user_id: string; role: string }>(
    "SELECT user_id, role FROM member WHERE account_id = $1",
    [account.id],
  );
  return Object.fromEntries(rows.map(({ user_id, role }) => [user_id, role]));
}

async function told(kind: string, account: TestAccount): Promise<{ user_id: string; data: object }[]> {
  return queryAsOwner("SELECT user_id, data FROM notification WHERE kind = $1 AND account_id = $2", [
    kind,
    account.id,
  ]);
}

async function withOwners(count: number) {
  const account = await makeAccount();
  const owners = await Promise.all(Array.from({ length: count }, () => makeMember(account, "owner")));
  const contexts = await Promise.all(owners.map(({ id }) => contextOf(id, account.id)));
  return {
    account,
    owners: owners as [TestUser, TestUser, TestUser],
    contexts: contexts as [never, never, never],
  };
}

describe("changing roles", () => {
  test("counts from the next request on, tells the person, and is in the log with both roles", async () => {
    const { account, contexts } = await withOwners(1);
    const member = await makeMember(account, "developer");
    await changeRole(contexts[0], { id: await idOf(account, member), role: "billing" });
    expect((await readAccess(member.id, account.id)).memberRole).toBe("billing");
    expect(await told("role-changed", account)).toEqual([{ user_id: member.id, data: { role: "billing" } }]);
    const events = await queryAsOwner(
      "SELECT details FROM audit_event WHERE account_id = $1 AND action = 'members:change-role'",
      [account.id],
    );
    expect(events).toEqual([
      { details: { userId: member.id, before: { role: "developer" }, after: { role: "billing" } } },
    ]);
  });

  test("8.2.2: another account's member is not there", async () => {
    const { contexts } = await withOwners(1);
    const other = await withOwners(2);
    const id = await idOf(other.account, other.owners[1]);
    expect(await codeOf(changeRole(contexts[0], { id, role: "auditor" }))).toBe("not-found");
    expect(await codeOf(transferOwnership(contexts[0], { id, ownRole: "owner" }))).toBe("not-found");
  });
});

describe("the last owner", () => {
  test("is neither demoted nor lets go, also beside an owner who was disabled", async () => {
    const { account, owners, contexts } = await withOwners(2);
    await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [owners[1].id]);
    const own = await idOf(account, owners[0]);
    expect(await codeOf(changeRole(contexts[0], { id: own, role: "admin" }))).toBe("last-owner");
    expect(await codeOf(leaveAccount(contexts[0], {}))).toBe("last-owner");
    expect(await getOwnMembership(contexts[0])).toEqual({ role: "owner", isLastOwner: true });
    // The other one may go.
    const id = await idOf(account, owners[1]);
    expect(await codeOf(changeRole(contexts[0], { id, role: "admin" }))).toBeNull();
  });

  test("of two owners who leave at once, one stays", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { account, contexts } = await withOwners(2);
      const outcomes = await Promise.all(contexts.map((context) => codeOf(leaveAccount(context, {}))));
      expect(outcomes.sort()).toEqual(["last-owner", null]);
      expect(Object.values(await rolesIn(account))).toEqual(["owner"]);
    }
  });

  test("of two owners who demote each other at once, one wins, also beside a third", async () => {
    for (const count of [2, 3, 2, 3]) {
      const { account, owners, contexts } = await withOwners(count);
      const [a, b] = await Promise.all([idOf(account, owners[0]), idOf(account, owners[1])]);
      const outcomes = await Promise.all([
        codeOf(changeRole(contexts[0], { id: b, role: "admin" })),
        codeOf(changeRole(contexts[1], { id: a, role: "admin" })),
      ]);
      expect(outcomes.filter((code) => code === null)).toHaveLength(1);
      expect(outcomes).toContain("forbidden");
      const roles = await rolesIn(account);
      expect(Object.values(roles).filter((role) => role === "admin")).toHaveLength(1);
    }
  });

  test("whoever is being made the owner does not get away meanwhile", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { account, contexts } = await withOwners(1);
      const heir = await makeMember(account, "developer");
      const id = await idOf(account, heir);
      await Promise.all([
        codeOf(transferOwnership(contexts[0], { id, ownRole: "admin" })),
        codeOf(leaveAccount(await contextOf(heir.id, account.id), {})),
      ]);
      expect(Object.values(await rolesIn(account)).filter((role) => role === "owner")).toHaveLength(1);
    }
  });

  test("is found in every live account, also of two who close at once", async () => {
    const { account, owners } = await withOwners(2);
    const alone = await makeAccount();
    await queryAsOwner(
      "INSERT INTO member (id, account_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, 'owner')",
      [alone.id, owners[0].id],
    );
    const sole = () => db.$transaction((tx) => listSoleOwnerships(tx, owners[0].id));
    expect((await sole()).map(({ id }) => id)).toEqual([alone.id]);
    await queryAsOwner("UPDATE account SET state = 'closed' WHERE id = $1", [alone.id]);
    expect(await sole()).toEqual([]);

    const close = ({ id }: TestUser) =>
      db.$transaction(async (tx) => {
        if ((await listSoleOwnerships(tx, id)).length > 0) return false;
        await endMemberships(tx, { id, name: "Maria" });
        return true;
      });
    const closed = await Promise.all([close(owners[0]), close(owners[1])]);
    expect(closed.filter(Boolean)).toHaveLength(1);
    expect(Object.values(await rolesIn(account))).toEqual(["owner"]);
    expect(await told("member-left", account)).toHaveLength(1);
  });
});

describe("transferring the ownership", () => {
  test("makes the other an owner and the caller what they chose", async () => {
    for (const ownRole of ["admin", "owner"] as const) {
      const { account, owners, contexts } = await withOwners(1);
      const heir = await makeMember(account, "billing");
      await transferOwnership(contexts[0], { id: await idOf(account, heir), ownRole });
      expect(await rolesIn(account)).toEqual({ [owners[0].id]: ownRole, [heir.id]: "owner" });
      const people = (await told("ownership-transferred", account)).map(({ user_id }) => user_id);
      expect(people.sort()).toEqual([owners[0].id, heir.id].sort());
    }
  });

  test("to two people at once happens once where the caller does not stay an owner", async () => {
    const { account, contexts } = await withOwners(1);
    const heirs = await Promise.all([makeMember(account, "admin"), makeMember(account, "admin")]);
    const ids = await Promise.all(heirs.map((heir) => idOf(account, heir)));
    const outcomes = await Promise.all(
      ids.map((id) => codeOf(transferOwnership(contexts[0], { id, ownRole: "admin" }))),
    );
    expect(outcomes.sort()).toEqual(["forbidden", null]);
  });

  test("is refused for an owner, and for who could not act as one", async () => {
    const { account, owners, contexts } = await withOwners(2);
    const id = await idOf(account, owners[1]);
    expect(await codeOf(transferOwnership(contexts[0], { id, ownRole: "admin" }))).toBe("already-done");
    const disabled = await makeMember(account, "admin");
    await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [disabled.id]);
    const other = await idOf(account, disabled);
    expect(await codeOf(transferOwnership(contexts[0], { id: other, ownRole: "admin" }))).toBe("last-owner");
  });
});

test("7.5.1: a role that owns the account asks for the same fresh proof as handing it over", async () => {
  const { account, contexts } = await withOwners(1);
  const stale: Context = {
    ...(contexts[0] as Context),
    session: { id: crypto.randomUUID(), authenticatedAt: new Date(Date.now() - 16 * 60_000) },
  };
  const id = await idOf(account, await makeMember(account, "admin"));
  expect(await codeOf(changeRole(stale, { id, role: "owner" }))).toBe("reauthentication-required");
  expect(await codeOf(changeRole(stale, { id, role: "developer" }))).toBeNull();
  expect(await codeOf(changeRole(contexts[0], { id, role: "owner" }))).toBeNull();
});

test("whoever leaves has no access from then on, and the owners hear of it", async () => {
  const { account, owners } = await withOwners(1);
  const member = await makeMember(account, "auditor");
  await leaveAccount(await contextOf(member.id, account.id), {});
  expect((await readAccess(member.id, account.id)).memberRole).toBeNull();
  expect(await told("member-left", account)).toEqual([
    { user_id: owners[0].id, data: { name: "Maria Teste" } },
  ]);
});

describe("the list", () => {
  test("has each member once over its pages, and finds by name and address", async () => {
    const { account, contexts, owners } = await withOwners(1);
    for (let count = 0; count < 30; count += 1) await makeMember(account, "developer");
    const rare = await makeMember(account, "billing");
    await queryAsOwner(`UPDATE "user" SET name = 'Zuleica 100%' WHERE id = $1`, [rare.id]);
    const first = await listMembers(contexts[0], {});
    const second = await listMembers(contexts[0], { after: first.next ?? "" });
    const ids = [...first.members, ...second.members].map(({ userId }) => userId);
    expect([ids.length, new Set(ids).size, second.next]).toEqual([32, 32, null]);
    expect(ids.at(-1)).toBe(owners[0].id);
    for (const q of ["zuleica", "100%", rare.email.slice(0, 8)]) {
      expect((await listMembers(contexts[0], { q })).members.map(({ userId }) => userId)).toEqual([rare.id]);
    }
    expect((await listMembers(contexts[0], { q: "_" })).members).toEqual([]);
  });

  test("says who has a second factor, who is disabled, and when somebody was last there", async () => {
    const { account, contexts } = await withOwners(1);
    const user = await makeUser({ secondFactor: true });
    await queryAsOwner(
      "INSERT INTO member (id, account_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, 'admin')",
      [account.id, user.id],
    );
    const { members } = await listMembers(contexts[0], { q: user.email });
    expect(members).toMatchObject([
      { hasSecondFactor: true, isDisabled: false, lastSeenAt: null, role: "admin" },
    ]);
  });
});
