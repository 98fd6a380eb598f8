import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { db } from "#app/ports/db.server.ts";
import { expectWholeChains } from "#tests/support/audit-chains.ts";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import {
  giveSecondFactor,
  makeAccount,
  makeMember,
  makeUser,
  signIn,
  type TestUser,
} from "#tests/support/scenario.ts";
import { sealEvents } from "../audit/seal-events.ts";
import { createBucket } from "../buckets/create-bucket.ts";
import { updateProfile } from "../identity/profile/update-profile.ts";
import { purgeExpired } from "../identity/purge-expired.ts";
import { closeUser } from "./close-user.ts";
import { readClosingObstacles } from "./read-obstacles.ts";

const close = async (user: TestUser) => closeUser(await contextOf(user.id, null), { email: user.email });

/** A person with a row in every table that knows people. */
async function personWithEverything(): Promise<TestUser> {
  const user = await makeUser({ passwordHash: "hash", email: `maria-${randomUUID()}@example.test` });
  await signIn(user);
  await giveSecondFactor(user);
  const rows: [sql: string, values?: unknown[]][] = [
    ["INSERT INTO recovery_code (id, user_id, code_hash) VALUES (gen_random_uuid(), $1, 'x')"],
    [
      "INSERT INTO identity (id, user_id, provider, issuer, subject, label) VALUES (gen_random_uuid(), $1::uuid, 'p', 'i', $1::uuid::text, 'Maria')",
    ],
    [
      "INSERT INTO form_draft (id, user_id, path, fields_encrypted, expires_at) VALUES (gen_random_uuid(), $1, '/', 'x', now())",
    ],
    [
      `WITH change AS (INSERT INTO email_change (id, user_id, old_email, new_email) VALUES (gen_random_uuid(), $1::uuid, $2::text, 'new-' || $2::text) RETURNING id)
       INSERT INTO link_token (id, purpose, subject_id, token_hash, expires_at) SELECT gen_random_uuid(), 'email_change', id, $1::uuid::text::bytea, now() FROM change`,
      [user.email],
    ],
    [
      "INSERT INTO link_token (id, purpose, subject_id, token_hash, expires_at) VALUES (gen_random_uuid(), 'password_reset', $1::uuid, ($1::uuid::text || 'r')::bytea, now())",
    ],
    [
      "INSERT INTO notification (id, user_id, kind, data) VALUES (gen_random_uuid(), $1, 'password-changed', '{}')",
    ],
    [
      "INSERT INTO notification_preference (user_id, kind, channel, enabled) VALUES ($1, 'invoice-paid', 'email', false)",
    ],
    [
      `INSERT INTO invitation (id, account_id, email, role, state, locale, expires_at, accepted_by_id)
       VALUES (gen_random_uuid(), $3, $2, 'admin', 'accepted', 'en', now(), $1), (gen_random_uuid(), $3, $2, 'admin', 'pending', 'en', now(), NULL)`,
      [user.email, (await makeAccount()).id],
    ],
    [
      `INSERT INTO sign_up (id, email, name, password_hash, account_name, document, locale)
       SELECT gen_random_uuid(), $2::text, 'Maria', 'x', 'x', 'x', 'en' FROM (SELECT $1::uuid) AS person`,
      [user.email],
    ],
  ];
  for (const [sql, values = []] of rows) await queryAsOwner(sql, [user.id, ...values]);
  return user;
}

/** Everything in the database, row by row. */
async function everything(): Promise<string> {
  const tables = await queryAsOwner<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  const rows = await Promise.all(
    tables.map(({ name }) => queryAsOwner<{ text: string }>(`SELECT t::text AS text FROM ${name} t`)),
  );
  return rows
    .flat()
    .map(({ text }) => text)
    .join("\n");
}

test("what names the person goes, everywhere", async () => {
  const user = await personWithEverything();
  await updateProfile(await contextOf(user.id, null), { name: "Maria Única", locale: "pt-BR" });
  expect(await everything()).toContain(user.email);
  await close(user);
  const left = await everything();
  expect(left).not.toContain(user.email);
  expect(left).not.toContain("Maria Única");
  expect(left).not.toContain("new-maria");
  const [row] = await queryAsOwner(`SELECT * FROM "user" WHERE id = $1`, [user.id]);
  expect(row).toMatchObject({
    email: `user-${user.id}@closed.invalid`,
    password_hash: null,
    disabled_at: expect.any(Date),
    closed_at: expect.any(Date),
  });
  for (const table of [
    "session",
    "identity",
    "second_factor",
    "recovery_code",
    "form_draft",
    "email_change",
    "notification",
    "notification_preference",
    "member",
  ])
    expect([table, await queryAsOwner(`SELECT 1 FROM ${table} WHERE user_id = $1`, [user.id])]).toEqual([
      table,
      [],
    ]);
  const invitations = await queryAsOwner<{ state: string }>(
    "SELECT state FROM invitation WHERE email = $1 ORDER BY state",
    [`user-${user.id}@closed.invalid`],
  );
  expect(invitations.map(({ state }) => state)).toEqual(["accepted", "cancelled"]);
});

test("the log keeps what was done, and its seals hold", async () => {
  const user = await makeUser();
  const context = await contextOf(user.id, null);
  await updateProfile(context, { name: "Maria", locale: "pt-BR" });
  await sealEvents();
  await closeUser(context, { email: user.email });
  await sealEvents();
  const events = await queryAsOwner(
    "SELECT action FROM audit_event WHERE actor_id = $1 AND outcome = 'succeeded' ORDER BY id",
    [user.id],
  );
  expect(events).toEqual([{ action: "users:update-profile" }, { action: "users:close-own" }]);
  await expectWholeChains();
});

test("addresses that stand alone are the access log: they go when they are six months old, and others' stay", async () => {
  const [user, other] = [await makeUser(), await makeUser()];
  const record = async (actorId: string, age: string, values: object) => {
    const [event] = await queryAsOwner<{ id: string }>(
      `INSERT INTO audit_event (id, occurred_at, actor_kind, actor_id, action, outcome, details)
       VALUES (gen_random_uuid(), now() - $2::interval, 'user', $1, 'x', 'succeeded', '{}') RETURNING id`,
      [actorId, age],
    );
    await queryAsOwner("INSERT INTO audit_personal (event_id, salt, values) VALUES ($1, 'x', $2)", [
      event?.id,
      JSON.stringify(values),
    ]);
  };
  const address = "192.0.2.1";
  await record(user.id, "7 months", { address });
  await record(user.id, "5 months", { address, userAgent: "Lynx" });
  await record(other.id, "7 months", { address });
  await record(other.id, "1 day", { email: user.email });
  await record(other.id, "1 day", { email: other.email });
  const ages = () =>
    queryAsOwner<{ age: number }>(
      `SELECT extract(month FROM age(now(), e.occurred_at))::int AS age FROM audit_event e
       JOIN audit_personal p ON p.event_id = e.id WHERE e.actor_id = $1 AND e.action = 'x' ORDER BY age`,
      [user.id],
    );
  await close(user);
  expect(await ages()).toEqual([{ age: 5 }]);
  expect(
    await queryAsOwner("SELECT 1 FROM audit_personal WHERE values->>'email' = $1", [user.email]),
  ).toEqual([]);
  expect(
    await queryAsOwner("SELECT 1 FROM audit_personal WHERE values->>'email' = $1", [other.email]),
  ).toHaveLength(1);

  await record(user.id, "7 months", { address });
  await purgeExpired();
  expect(await ages()).toEqual([{ age: 5 }]);
  const others = await queryAsOwner(
    "SELECT 1 FROM audit_event e JOIN audit_personal p ON p.event_id = e.id WHERE e.actor_id = $1",
    [other.id],
  );
  expect(others).toHaveLength(2);
});

test("what they made for an account stays, and its owners are told that they left", async () => {
  const account = await makeAccount();
  const owner = await makeMember(account, "owner");
  const admin = await makeMember(account, "admin");
  const { id } = await createBucket(await contextOf(admin.id, account.id), { name: "fica-aqui" });
  await close(admin);
  expect(await queryAsOwner("SELECT created_by_id FROM bucket WHERE id = $1", [id])).toEqual([
    { created_by_id: admin.id },
  ]);
  expect(await queryAsOwner("SELECT 1 FROM member WHERE account_id = $1", [account.id])).toHaveLength(1);
  const told = await queryAsOwner("SELECT kind FROM notification WHERE user_id = $1", [owner.id]);
  expect(told).toEqual([{ kind: "member-left" }]);
});

test("the only owner of an account stays, and so does the last operator", async () => {
  const account = await makeAccount();
  const owner = await makeMember(account, "owner");
  await expect(close(owner)).rejects.toMatchObject({ code: "last-owner" });
  expect(await readClosingObstacles(await contextOf(owner.id, null))).toMatchObject({
    soleOwnerships: [{ slug: account.slug }],
    isLastOperator: false,
  });
  await makeMember(account, "owner");
  expect((await readClosingObstacles(await contextOf(owner.id, null))).soleOwnerships).toEqual([]);
  await close(owner);

  const operator = await makeUser({ providerRole: "operator" });
  await expect(close(operator)).rejects.toMatchObject({ code: "last-operator" });
  expect(await readClosingObstacles(await contextOf(operator.id, null))).toMatchObject({
    isLastOperator: true,
  });
  const second = await makeUser({ providerRole: "operator" });
  await close(operator);
  await expect(close(second)).rejects.toMatchObject({ code: "last-operator" });
  expect(await db.user.count({ where: { providerRole: "operator", closedAt: null } })).toBe(1);
});

test("the address must be typed, in any case", async () => {
  const user = await makeUser();
  const context = await contextOf(user.id, null);
  await expect(closeUser(context, { email: "other@example.test" })).rejects.toMatchObject({
    issues: [{ path: ["email"], message: "ownEmailMismatch" }],
  });
  await closeUser(context, { email: ` ${user.email.toUpperCase()} ` });
});

test("asks for a fresh proof of who somebody is", async () => {
  const user = await makeUser();
  const context = await contextOf(user.id, null);
  const session = { id: randomUUID(), authenticatedAt: new Date(Date.now() - 16 * 60_000) };
  await expect(closeUser({ ...context, session }, { email: user.email })).rejects.toMatchObject({
    code: "reauthentication-required",
  });
});

test("closed twice at once, it is closed once", async () => {
  const user = await makeUser();
  const outcomes = await Promise.allSettled([close(user), close(user), close(user)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(
    await queryAsOwner(`SELECT 1 FROM "user" WHERE id = $1 AND closed_at IS NOT NULL`, [user.id]),
  ).toHaveLength(1);
});

test("of two last owners who go at once, one stays", async () => {
  const account = await makeAccount();
  const owners = [await makeMember(account, "owner"), await makeMember(account, "owner")];
  const outcomes = await Promise.allSettled(owners.map(close));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await queryAsOwner("SELECT 1 FROM member WHERE account_id = $1", [account.id])).toHaveLength(1);
});
