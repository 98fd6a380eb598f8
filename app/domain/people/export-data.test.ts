import { expect, test } from "vitest";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { giveSecondFactor, makeAccount, makeMember, makeUser, signIn } from "#tests/support/scenario.ts";
import type { Context } from "../context.ts";
import { keepFormDraft } from "../identity/drafts/form-drafts.ts";
import { updateProfile } from "../identity/profile/update-profile.ts";
import { exportData } from "./export-data.ts";

/** The file as a person gets it. */
async function exported(context: Context) {
  let text = "";
  for await (const piece of await exportData(context)) text += piece;
  return { text, data: JSON.parse(text) };
}

test("holds what Balde knows of the person, and nothing of others", async () => {
  const account = await makeAccount();
  const user = await makeMember(account, "owner");
  const other = await makeMember(account, "admin");
  for (const person of [user, other]) {
    await signIn(person);
    await updateProfile(await contextOf(person.id, null), { name: `I am ${person.id}`, locale: "en" });
  }
  await queryAsOwner(
    "INSERT INTO identity (id, user_id, provider, issuer, subject, label) VALUES (gen_random_uuid(), $1, 'p', 'https://issuer.test', 'subject-1', 'Maria')",
    [user.id],
  );
  await queryAsOwner(
    `INSERT INTO invitation (id, account_id, email, role, locale, expires_at, invited_by_id)
     VALUES (gen_random_uuid(), $1, $2, 'admin', 'en', now(), $4), (gen_random_uuid(), $1, 'guest@example.test', 'admin', 'en', now(), $3)`,
    [account.id, user.email, user.id, other.id],
  );
  await queryAsOwner(
    "INSERT INTO notification (id, user_id, kind, data) VALUES (gen_random_uuid(), $1, 'password-changed', '{}')",
    [user.id],
  );
  await keepFormDraft(user.id, { path: "/me/details", fields: [["name", "typed"]] });

  const { text, data } = await exported(await contextOf(user.id, null));
  expect(data).toMatchObject({
    profile: { id: user.id, email: user.email, name: `I am ${user.id}`, locale: "en" },
    hasPassword: false,
    secondFactor: null,
    identities: [{ issuer: "https://issuer.test", subject: "subject-1" }],
    sessions: [{ expiresAt: expect.any(String) }],
    memberships: [{ account: { id: account.id }, role: "owner" }],
    invitations: [{ email: user.email }],
    sentInvitations: [{ role: "admin" }],
    notifications: [{ kind: "password-changed" }],
    formDrafts: [{ path: "/me/details", fields: [["name", "typed"]] }],
  });
  // The log says that the copy was taken, too.
  expect(data.auditEvents).toEqual([
    expect.objectContaining({
      action: "users:update-profile",
      personal: { address: "192.0.2.1", userAgent: "test", name: `I am ${user.id}` },
    }),
    expect.objectContaining({ action: "users:export-own" }),
  ]);
  expect(text).not.toContain(other.id);
  expect(text).not.toContain("guest@example.test");
});

test("14.2.1: holds no secret and no hash", async () => {
  const user = await makeUser({ passwordHash: "password-hash" });
  await signIn(user);
  await giveSecondFactor(user);
  await queryAsOwner(
    "INSERT INTO recovery_code (id, user_id, code_hash) VALUES (gen_random_uuid(), $1, 'code-hash')",
    [user.id],
  );
  const { text, data } = await exported(await contextOf(user.id, null));
  expect(data).toMatchObject({ hasPassword: true, recoveryCodes: [{ usedAt: null }] });
  const [row] = await queryAsOwner<{ secret: string; session: string }>(
    `SELECT f.secret_encrypted AS secret, encode(s.token_hash, 'base64') AS session
     FROM second_factor f JOIN session s USING (user_id) WHERE user_id = $1`,
    [user.id],
  );
  for (const secret of ["password-hash", "code-hash", row?.secret ?? "", row?.session ?? ""]) {
    expect(secret).not.toBe("");
    expect(text).not.toContain(secret);
  }
});

test("is whole, also of a long log", async () => {
  const user = await makeUser();
  await queryAsOwner(
    `INSERT INTO audit_event (id, occurred_at, actor_kind, actor_id, action, outcome, details)
     SELECT gen_random_uuid(), now(), 'user', $1, 'x', 'succeeded', json_build_object('number', number)
     FROM generate_series(1, 1200) number`,
    [user.id],
  );
  const { data } = await exported(await contextOf(user.id, null));
  const numbers = new Set(
    data.auditEvents.map((event: { details: { number?: number } }) => event.details.number),
  );
  expect(data.auditEvents).toHaveLength(1201);
  expect(numbers.size).toBe(1201);
});

test("asks for a fresh proof of who somebody is, before the file begins", async () => {
  const user = await makeUser();
  const context = await contextOf(user.id, null);
  const session = { id: "x", authenticatedAt: new Date(Date.now() - 16 * 60_000) };
  await expect(exportData({ ...context, session })).rejects.toMatchObject({
    code: "reauthentication-required",
  });
});
