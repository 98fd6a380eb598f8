import { beforeEach, describe, expect, test } from "vitest";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser, signIn, type TestUser } from "#tests/support/scenario.ts";
import { disableUser } from "./disable-user.ts";
import { listUserHistory } from "./read-user-history.ts";
import { getUser, listIdentitiesOf, listMembershipsOf, listUsers, readAllUsers } from "./read-users.ts";

let operator: TestUser;

beforeEach(async () => {
  await queryAsOwner(`TRUNCATE "user" CASCADE`);
  operator = await makeUser({ providerRole: "operator", email: "operadora@provedor.example" });
});

const as = (user: TestUser) => contextOf(user.id, null);

/** Users one minute apart, the last the newest. */
async function makePeople(count: number): Promise<void> {
  await queryAsOwner(
    `INSERT INTO "user" (id, email, name, locale, created_at, updated_at)
     SELECT gen_random_uuid(), 'pessoa' || n || '@example.test', 'Pessoa ' || n, 'en',
       now() - interval '1 year' + n * interval '1 minute', now()
     FROM generate_series(1, $1::int) n`,
    [count],
  );
}

describe("the list of users", () => {
  test("goes page by page from the newest, and no one is left out or shown twice", async () => {
    await makePeople(60);
    const names: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page = await listUsers(await as(operator), { q: "pessoa", after });
      names.push(...page.rows.map(({ name }) => name));
      after = page.next;
    }
    expect(names).toEqual(Array.from({ length: 60 }, (_, index) => `Pessoa ${60 - index}`));
  });

  test("finds by part of a name or an address, and takes wildcards for what they are", async () => {
    await makePeople(3);
    const found = async (q: string) =>
      (await listUsers(await as(operator), { q })).rows.map(({ email }) => email);
    expect(await found("PESSOA 2")).toEqual(["pessoa2@example.test"]);
    expect(await found("soa3@exam")).toEqual(["pessoa3@example.test"]);
    expect(await found("provedor")).toEqual([operator.email]);
    expect(await found("%")).toEqual([]);
    expect(await found("xyz")).toEqual([]);
  });

  test("tells role, accounts, second factor, last use and state", async () => {
    const account = await makeAccount();
    const member = await makeMember(account, "owner");
    await signIn(member);
    const closed = await makeUser();
    await queryAsOwner(`UPDATE "user" SET disabled_at = now(), closed_at = now() WHERE id = $1`, [closed.id]);
    const disabled = await makeUser();
    await disableUser(await as(operator), { userId: disabled.id, reason: "x" });

    const { rows } = await listUsers(await as(operator), {});
    const of = (user: TestUser) => rows.find(({ id }) => id === user.id);
    expect(of(operator)).toMatchObject({
      providerRole: "operator",
      hasSecondFactor: true,
      accounts: 0,
      state: "active",
    });
    expect(of(operator)?.lastSeenAt).toBeNull();
    expect(of(member)).toMatchObject({ providerRole: null, hasSecondFactor: false, accounts: 1 });
    expect(of(member)?.lastSeenAt).toBeInstanceOf(Date);

    const under = async (state: string) =>
      (await listUsers(await as(operator), { state })).rows.map(({ id }) => id);
    expect(await under("staff")).toEqual([operator.id]);
    expect(await under("disabled")).toEqual([disabled.id]);
    expect(await under("closed")).toEqual([closed.id]);
    // What is no filter is none.
    expect(await under("nonsense")).toHaveLength(4);
  });

  test("is read whole for a download, in parts", async () => {
    await makePeople(1_100);
    const sizes: number[] = [];
    const ids = new Set<string>();
    for await (const users of readAllUsers(await as(operator), { q: "pessoa" })) {
      sizes.push(users.length);
      for (const { id } of users) ids.add(id);
    }
    expect(sizes).toEqual([500, 500, 100]);
    expect(ids.size).toBe(1_100);
  });

  test("is for operators and support", async () => {
    for (const providerRole of ["operator", "support"] as const) {
      expect((await listUsers(await as(await makeUser({ providerRole })), {})).rows.length).toBeGreaterThan(
        0,
      );
    }
    for (const user of [await makeUser({ providerRole: "auditor" }), await makeUser()]) {
      await expect(listUsers(await as(user), {})).rejects.toMatchObject({ code: "forbidden" });
      const context = await as(user);
      expect(() => readAllUsers(context, {})).toThrow("forbidden");
    }
  });
});

describe("one user", () => {
  test("is shown without password, secret or subject", async () => {
    const user = await makeUser({ passwordHash: "$argon2id$secret" });
    await queryAsOwner(
      `INSERT INTO identity (id, user_id, provider, issuer, subject, label)
       VALUES (gen_random_uuid(), $1, 'corp', 'https://id.example', 'subject-4711', 'maria@corp.example')`,
      [user.id],
    );
    const context = await as(operator);
    const details = await getUser(context, user.id);
    expect(details).toMatchObject({ hasPassword: true, secondFactorSince: null, recoveryCodesLeft: 0 });
    const identities = await listIdentitiesOf(context, user.id);
    expect(identities).toMatchObject([{ provider: "corp", label: "maria@corp.example" }]);
    expect(JSON.stringify([details, identities])).not.toMatch(/argon2|subject-4711|id\.example/);
    await expect(getUser(context, crypto.randomUUID())).rejects.toMatchObject({ code: "not-found" });
  });

  test("has the accounts that they are a member of", async () => {
    const account = await makeAccount();
    const user = await makeMember(account, "billing");
    expect(await listMembershipsOf(await as(operator), user.id)).toMatchObject([
      { slug: account.slug, role: "billing" },
    ]);
  });

  test("has what was done to them, by whom and why", async () => {
    const user = await makeUser();
    await disableUser(await as(operator), { userId: user.id, reason: "fraude" });
    expect(await listUserHistory(await as(operator), user.id)).toMatchObject([
      {
        action: "users:disable",
        outcome: "succeeded",
        actorName: "Maria Teste",
        reason: "fraude",
        address: "192.0.2.1",
      },
    ]);
    expect(await listUserHistory(await as(operator), operator.id)).toEqual([]);
  });
});
