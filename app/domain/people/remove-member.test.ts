import { expect, test } from "vitest";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, type TestAccount, type TestUser } from "#tests/support/scenario.ts";
import { DomainError } from "../errors.ts";
import { readAccess } from "../identity/read-access.ts";
import { removeMember } from "./remove-member.ts";

async function codeOf(attempt: Promise<unknown>): Promise<string | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

async function membershipOf(account: TestAccount, user: TestUser): Promise<string> {
  const [row] = await queryAsOwner<{ id: string }>(
    "SELECT id FROM member WHERE account_id = $1 AND user_id = $2",
    [account.id, user.id],
  );
  return row?.id ?? "";
}

async function addKey(account: TestAccount, createdBy: TestUser, state: string): Promise<string> {
  const [row] = await queryAsOwner<{ id: string }>(
    `INSERT INTO access_key (id, account_id, name, access_key_id, permission, all_buckets, state, request_id, created_by_id)
     VALUES (gen_random_uuid(), $1, 'chave', gen_random_uuid()::text, 'read_write', true, $2::access_key_state,
             gen_random_uuid(), $3) RETURNING id`,
    [account.id, state, createdBy.id],
  );
  return row?.id ?? "";
}

async function statesOf(ids: string[]): Promise<string[]> {
  const rows = await queryAsOwner<{ id: string; state: string }>(
    "SELECT id, state FROM access_key WHERE id = ANY($1)",
    [ids],
  );
  return ids.map((id) => rows.find((row) => row.id === id)?.state ?? "gone");
}

async function scene() {
  const account = await makeAccount();
  const owner = await makeMember(account, "owner");
  const member = await makeMember(account, "admin");
  const keys = [
    await addKey(account, member, "active"),
    await addKey(account, member, "inactive"),
    await addKey(account, member, "revoked"),
    await addKey(account, owner, "active"),
  ];
  const id = await membershipOf(account, member);
  return { account, owner, member, keys, id, context: await contextOf(owner.id, account.id) };
}

test("removing somebody ends their access and tells them; their keys stay as they are", async () => {
  const { account, member, keys, id, context } = await scene();
  await removeMember(context, { id });
  expect((await readAccess(member.id, account.id)).memberRole).toBeNull();
  expect(await statesOf(keys)).toEqual(["active", "inactive", "revoked", "active"]);
  expect(
    await queryAsOwner("SELECT user_id FROM notification WHERE kind = 'member-removed' AND account_id = $1", [
      account.id,
    ]),
  ).toEqual([{ user_id: member.id }]);
});

test("where that is asked for, the keys that they made are revoked, by jobs", async () => {
  const { account, member, keys, id, context } = await scene();
  await removeMember(context, { id, revokeKeys: "on" });
  expect(await statesOf(keys)).toEqual(["revoking", "revoking", "revoked", "active"]);
  const jobs = await queryAsOwner<{ id: string }>(
    "SELECT data->>'id' AS id FROM pgboss.job WHERE name = 'revoke-access-key' AND data->>'id' = ANY($1)",
    [keys],
  );
  expect(jobs.map((job) => job.id).sort()).toEqual(keys.slice(0, 2).sort());
  const [event] = await queryAsOwner<{ details: { revokedKeyIds: string[] } }>(
    "SELECT details FROM audit_event WHERE account_id = $1 AND action = 'members:remove'",
    [account.id],
  );
  expect(event?.details).toMatchObject({
    userId: member.id,
    before: { role: "admin" },
    after: { role: null },
  });
  expect(event?.details.revokedKeyIds.sort()).toEqual(keys.slice(0, 2).sort());
});

test("the last owner is not removed, nor are two who remove each other at once", async () => {
  const { owner, account, context } = await scene();
  const own = await membershipOf(account, owner);
  expect(await codeOf(removeMember(context, { id: own }))).toBe("last-owner");
  const second = await makeMember(account, "owner");
  const outcomes = await Promise.all([
    codeOf(removeMember(context, { id: await membershipOf(account, second) })),
    codeOf(removeMember(await contextOf(second.id, account.id), { id: own })),
  ]);
  expect(outcomes.filter((code) => code === null)).toHaveLength(1);
  // Who was removed first has no account to act in any more, or is no owner when their turn comes.
  expect(["forbidden", "not-found"]).toContain(outcomes.find((code) => code !== null));
});

test("a refused removal revokes nothing", async () => {
  const { keys, id, context } = await scene();
  const another = await scene();
  expect(await codeOf(removeMember(another.context, { id, revokeKeys: "on" }))).toBe("not-found");
  expect(await statesOf(keys)).toEqual(["active", "inactive", "revoked", "active"]);
  expect(await codeOf(removeMember(context, { id }))).toBeNull();
});
