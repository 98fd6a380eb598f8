import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "#app/ports/db.server.ts";
import { stopSending } from "#app/ports/jobs.server.ts";
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
import { kindNames, type ListedKind, settingsOf } from "./kinds.ts";
import { markAllRead, markRead } from "./mark-read.ts";
import { type NotificationToSend, notify } from "./notify.ts";
import { readPreferences, setPreferences } from "./preferences.ts";
import { purgeNotifications } from "./purge-notifications.ts";
import { countedUnread, countUnread, listNotifications } from "./read-notifications.ts";

let account: TestAccount;
let owner: TestUser;
let caller: Context;

beforeEach(async () => {
  account = await makeAccount();
  owner = await makeMember(account, "owner");
  caller = await contextOf(owner.id, null);
});
afterAll(() => stopSending());

/** Outside of a command, for rows. */
function tell(notification: Omit<NotificationToSend, "userIds"> & { userIds?: string[] }): Promise<void> {
  return db.$transaction((tx) => notify(tx, { userIds: [owner.id], ...notification }));
}

/** What somebody was told: kinds in the console, and kinds by mail. */
async function toldTo(userId: string) {
  const inApp = await queryAsOwner<{ kind: string }>(
    "SELECT kind FROM notification WHERE user_id = $1 ORDER BY kind",
    [userId],
  );
  const mails = await queryAsOwner<{ message: string }>(
    "SELECT message FROM email WHERE data->>'userId' = $1 ORDER BY message",
    [userId],
  );
  return { inApp: inApp.map(({ kind }) => kind), email: mails.map(({ message }) => message) };
}

describe("telling people", () => {
  test("a row and a mail for each, once, with a job that carries the mail's id alone", async () => {
    const other = await makeMember(account, "owner");
    const before = await queryAsOwner("SELECT id FROM email");
    await tell({
      kind: "member-joined",
      userIds: [owner.id, other.id, owner.id],
      accountId: account.id,
      data: { name: "Bia" },
    });
    for (const { id } of [owner, other])
      expect(await toldTo(id)).toEqual({ inApp: ["member-joined"], email: ["member-joined"] });
    const mails = await queryAsOwner<{ id: string; data: object }>(
      "SELECT id, data FROM email WHERE message = 'member-joined' AND data->>'accountId' = $1",
      [account.id],
    );
    expect(mails).toHaveLength(2);
    expect(before.length + 2).toBe((await queryAsOwner("SELECT id FROM email")).length);
    const jobs = await queryAsOwner<{ data: { emailId: string } }>(
      "SELECT data FROM pgboss.job WHERE name = 'send-email' AND data->>'emailId' = ANY($1)",
      [mails.map(({ id }) => id)],
    );
    expect(jobs.map(({ data }) => Object.keys(data))).toEqual([["emailId"], ["emailId"]]);
    expect(mails.map(({ data }) => data)).toContainEqual({
      userId: owner.id,
      accountId: account.id,
      data: { name: "Bia" },
    });
  });

  test("nothing of it is there where the transaction fails", async () => {
    const failing = db.$transaction(async (tx) => {
      await notify(tx, { kind: "password-changed", userIds: [owner.id], accountId: null });
      throw new Error("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    expect(await toldTo(owner.id)).toEqual({ inApp: [], email: [] });
  });

  test("as each of them chose, by channel", async () => {
    const other = await makeMember(account, "owner");
    const kinds: ListedKind[] = ["member-joined", "member-left"];
    await setPreferences(caller, { kinds, inApp: "member-left", email: "member-joined" });
    for (const kind of kinds)
      await tell({ kind, userIds: [owner.id, other.id], accountId: account.id, data: { name: "Bia" } });
    expect(await toldTo(owner.id)).toEqual({ inApp: ["member-left"], email: ["member-joined"] });
    expect(await toldTo(other.id)).toEqual({ inApp: kinds, email: kinds });
  });

  test("what nobody can turn off is told, whatever stands in the preferences", async () => {
    await queryAsOwner(
      `INSERT INTO notification_preference (user_id, kind, channel, enabled)
       SELECT $1, 'password-changed', unnest(enum_range(NULL::notification_channel)), false`,
      [owner.id],
    );
    await tell({ kind: "password-changed", accountId: null });
    expect(await toldTo(owner.id)).toEqual({ inApp: ["password-changed"], email: ["password-changed"] });
  });

  test("who is disabled is told nothing, and others beside them are", async () => {
    const gone = await makeMember(account, "owner");
    await queryAsOwner('UPDATE "user" SET disabled_at = now() WHERE id = $1', [gone.id]);
    await tell({ kind: "account-suspended", userIds: [gone.id, owner.id], accountId: account.id });
    expect(await toldTo(gone.id)).toEqual({ inApp: [], email: [] });
    expect((await toldTo(owner.id)).inApp).toEqual(["account-suspended"]);
  });

  test("nobody at all is no error", async () => {
    await tell({ kind: "account-submitted", userIds: [], accountId: account.id });
    await tell({ kind: "account-submitted", userIds: [randomUUID()], accountId: account.id });
    expect(await queryAsOwner("SELECT 1 FROM notification WHERE account_id = $1", [account.id])).toEqual([]);
  });
});

describe("the list", () => {
  test("has the newest first with the account and the way to the thing, and only the caller's own", async () => {
    const other = await makeMember(account, "owner");
    await tell({ kind: "password-changed", accountId: null });
    await tell({ kind: "quota-warning", accountId: account.id, data: { resource: "buckets", percent: 80 } });
    await tell({ kind: "member-left", userIds: [other.id], accountId: account.id, data: { name: "Bia" } });
    const { rows, next, isFirst } = await listNotifications(caller, {});
    expect(rows).toMatchObject([
      {
        kind: "quota-warning",
        data: { resource: "buckets", percent: 80 },
        readAt: null,
        account: { id: account.id, slug: account.slug, name: expect.stringContaining("Conta") },
        path: `/accounts/${account.slug}/usage`,
      },
      { kind: "password-changed", account: null, path: "/me/security" },
    ]);
    expect([next, isFirst]).toEqual([null, true]);
  });

  test("leads nowhere where the reader has no part in the account any more", async () => {
    const other = await makeAccount();
    await tell({ kind: "role-changed", accountId: other.id, data: { role: "admin" } });
    expect((await listNotifications(caller, {})).rows).toMatchObject([
      { account: { id: other.id }, path: null },
    ]);
    const operator = await makeUser({ providerRole: "operator" });
    await tell({ kind: "account-submitted", userIds: [operator.id], accountId: other.id });
    const seen = await listNotifications(await contextOf(operator.id, null), {});
    expect(seen.rows).toMatchObject([{ path: `/admin/accounts/${other.slug}` }]);
    await queryAsOwner('UPDATE "user" SET provider_role = NULL WHERE id = $1', [operator.id]);
    const later = await listNotifications(await contextOf(operator.id, null), {});
    expect(later.rows).toMatchObject([{ path: null }]);
  });

  test("is read by page, whole, each row once, under every filter", async () => {
    const kinds = ["member-joined", "member-left", "account-approved"] as const;
    await queryAsOwner(
      `INSERT INTO notification (id, user_id, account_id, kind, data, created_at, read_at)
       SELECT gen_random_uuid(), $1, $2, ($3::text[])[n % 3 + 1], '{"name": "Bia"}',
         timestamptz '2026-01-01' + (n / 2) * interval '1 minute', CASE WHEN n % 2 = 0 THEN now() END
       FROM generate_series(1, 120) n`,
      [owner.id, account.id, kinds],
    );
    const all = await everyPage({});
    expect([all.length, new Set(all.map(({ id }) => id)).size]).toEqual([120, 120]);
    expect((await everyPage({ unread: "on" })).map(({ readAt }) => readAt)).toEqual(Array(60).fill(null));
    const team = await everyPage({ group: "team" });
    expect(team).toHaveLength(80);
    expect(new Set(team.map(({ kind }) => kind))).toEqual(new Set(["member-joined", "member-left"]));
    expect(team.map(({ createdAt }) => createdAt.getTime())).toEqual(
      team.map(({ createdAt }) => createdAt.getTime()).sort((a, b) => b - a),
    );
    expect(await everyPage({ group: "team", unread: "on" })).toHaveLength(40);
    expect(await everyPage({ group: "billing" })).toEqual([]);
    // What is no filter of ours is none.
    expect(await everyPage({ group: "x", unread: "x", after: "x" })).toHaveLength(120);

    async function everyPage(query: Record<string, string>) {
      const rows = [];
      for (let after: string | null = ""; after !== null; ) {
        const page = await listNotifications(caller, { ...query, ...(after ? { after } : {}) });
        rows.push(...page.rows);
        after = page.next;
        if (rows.length > 200) throw new Error("no end");
      }
      return rows;
    }
  });
});

describe("reading", () => {
  const firstId = async () => (await listNotifications(caller, {})).rows[0]?.id ?? "";

  test("one: counted no more, and the time of the first reading stays", async () => {
    await tell({ kind: "password-changed", accountId: null });
    await tell({ kind: "second-factor-enabled", accountId: null });
    expect(await countUnread(caller)).toBe(2);
    const id = await firstId();
    const { readAt } = await markRead(caller, { id });
    expect((await markRead(caller, { id })).readAt).toEqual(readAt);
    expect(await countUnread(caller)).toBe(1);
  });

  test("all of one's own, and not those that came after the page", async () => {
    const other = await makeUser();
    await tell({ kind: "password-changed", userIds: [owner.id, other.id], accountId: null });
    const [seen] = (await listNotifications(caller, {})).rows;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await tell({ kind: "second-factor-enabled", accountId: null });
    expect(await markAllRead(caller, { until: seen?.createdAt.toISOString() })).toEqual({ count: 1 });
    expect(await countUnread(caller)).toBe(1);
    expect(await markAllRead(caller, {})).toEqual({ count: 1 });
    expect(await markAllRead(caller, {})).toEqual({ count: 0 });
    expect(await countUnread(await contextOf(other.id, null))).toBe(1);
  });

  test("another's does not exist, and is untouched", async () => {
    await tell({ kind: "password-changed", accountId: null });
    const id = await firstId();
    const other = await contextOf((await makeMember(account, "owner")).id, null);
    await expect(markRead(other, { id })).rejects.toMatchObject({ code: "not-found" });
    await expect(markRead(other, { id: randomUUID() })).rejects.toMatchObject({ code: "not-found" });
    expect(await countUnread(caller)).toBe(1);
  });

  test("the count ends where nobody counts on", async () => {
    await queryAsOwner(
      `INSERT INTO notification (id, user_id, kind, data)
       SELECT gen_random_uuid(), $1, 'password-changed', '{}' FROM generate_series(1, 150)`,
      [owner.id],
    );
    expect(await countUnread(caller)).toBe(countedUnread);
  });
});

describe("preferences", () => {
  const offered = async (context: Context) =>
    (await readPreferences(context)).flatMap(({ kinds }) => kinds.map(({ kind }) => kind));

  test("everything is on at first, and what was chosen is read again", async () => {
    const first = (await readPreferences(caller)).flatMap(({ kinds }) => kinds);
    expect(first.every(({ inApp, email }) => inApp && email)).toBe(true);
    await setPreferences(caller, { kinds: ["member-joined", "member-left"], email: ["member-left"] });
    const rows = () =>
      queryAsOwner(
        "SELECT kind, channel, enabled FROM notification_preference WHERE user_id = $1 ORDER BY 1, 2",
        [owner.id],
      );
    expect(await rows()).toEqual([
      { kind: "member-joined", channel: "in_app", enabled: false },
      { kind: "member-joined", channel: "email", enabled: false },
      { kind: "member-left", channel: "in_app", enabled: false },
    ]);
    const second = (await readPreferences(caller)).flatMap(({ kinds }) => kinds);
    expect(second).toContainEqual({ kind: "member-left", always: false, inApp: false, email: true });
    // Those that the form did not ask about stay as they are.
    await setPreferences(caller, { kinds: "member-joined", inApp: "member-joined", email: "member-joined" });
    expect(await rows()).toEqual([{ kind: "member-left", channel: "in_app", enabled: false }]);
  });

  test("one form sent twice at once is no error", async () => {
    const form = { kinds: ["member-joined", "member-left"] };
    await Promise.all([1, 2, 3].map(() => setPreferences(caller, form)));
    expect(
      await queryAsOwner("SELECT 1 FROM notification_preference WHERE user_id = $1", [owner.id]),
    ).toHaveLength(4);
  });

  test("what security needs is no choice", async () => {
    for (const kinds of ["password-changed", "email-changed", "account-suspended", "nothing-such"])
      await expect(setPreferences(caller, { kinds })).rejects.toMatchObject({ code: "invalid-input" });
    const locked = (await readPreferences(caller))
      .flatMap(({ kinds }) => kinds)
      .filter(({ always }) => always);
    expect(locked.map(({ kind }) => kind).sort()).toEqual(
      kindNames.filter((kind) => settingsOf(kind).always).sort(),
    );
  });

  test("kinds that cannot concern the person are left out", async () => {
    const nobody = await contextOf((await makeUser()).id, null);
    expect(await offered(nobody)).toEqual(kindNames.filter((kind) => settingsOf(kind).group === "security"));
    const billing = await contextOf((await makeMember(account, "billing")).id, null);
    expect(await offered(billing)).toEqual(expect.arrayContaining(["invoice-issued", "role-changed"]));
    expect(await offered(billing)).not.toContain("access-key-expiring");
    const developer = await contextOf((await makeMember(account, "developer")).id, null);
    expect(await offered(developer)).toContain("access-key-expiring");
    expect(await offered(developer)).not.toContain("invoice-issued");
    expect(await offered(caller)).not.toContain("account-submitted");
    const operator = await contextOf((await makeUser({ providerRole: "operator" })).id, null);
    expect(await offered(operator)).toContain("account-submitted");
    const support = await contextOf((await makeUser({ providerRole: "support" })).id, null);
    expect(await offered(support)).not.toContain("account-submitted");
  });
});

test("a quarter after they were read, or a year after they came, they go", async () => {
  await queryAsOwner(
    `INSERT INTO notification (id, user_id, kind, data, created_at, read_at)
     SELECT gen_random_uuid(), $1, 'password-changed', jsonb_build_object('name', created || ' ' || coalesce(read, '-')),
       now() - created::interval, now() - read::interval
     FROM (VALUES ('364 days', NULL), ('366 days', NULL), ('364 days', '89 days'), ('100 days', '91 days')) v(created, read)`,
    [owner.id],
  );
  await purgeNotifications();
  const left = await queryAsOwner<{ name: string }>(
    "SELECT data->>'name' AS name FROM notification WHERE user_id = $1 ORDER BY 1",
    [owner.id],
  );
  expect(left.map(({ name }) => name)).toEqual(["364 days -", "364 days 89 days"]);
});
