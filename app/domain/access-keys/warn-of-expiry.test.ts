import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import { stopSending } from "#app/ports/jobs.server.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import {
  makeAccount,
  makeMember,
  makeUser,
  type TestAccount,
  type TestUser,
} from "#tests/support/scenario.ts";
import { timeZone } from "../time-zone.ts";
import { warnOfExpiry } from "./warn-of-expiry.ts";

let account: TestAccount;
let owner: TestUser;

beforeEach(async () => {
  account = await makeAccount();
  owner = await makeMember(account, "owner");
});
afterAll(() => stopSending());

/** A key whose last day is so many days from today, in the installation's zone. */
async function makeKey({
  lastsDays,
  ageDays = 30,
  state = "active",
  createdBy = null,
}: {
  lastsDays: number | null;
  ageDays?: number;
  state?: string;
  createdBy?: string | null;
}): Promise<string> {
  const id = randomUUID();
  await queryAsOwner(
    `INSERT INTO access_key (id, account_id, name, access_key_id, permission, all_buckets, state, request_id, created_by_id,
       created_at, expires_at)
     VALUES ($1, $2, 'backup', $3, 'read', true, $4::access_key_state, $1, $5, now() - $6 * interval '1 day',
       (date_trunc('day', now() AT TIME ZONE $8) + ($7::int + 1) * interval '1 day') AT TIME ZONE $8 - interval '1 millisecond')`,
    [id, account.id, id.slice(0, 20), state, createdBy, ageDays, lastsDays, timeZone],
  );
  return id;
}

/** Ids of the keys that somebody was told of, in the order of telling. */
async function toldOf(user: TestUser): Promise<string[]> {
  const rows = await queryAsOwner<{ key: string }>(
    `SELECT data->>'keyId' AS key FROM notification
     WHERE user_id = $1 AND kind = 'access-key-expiring' ORDER BY created_at, id`,
    [user.id],
  );
  return rows.map(({ key }) => key);
}

const run = () => warnOfExpiry(randomUUID());
const aDayPasses = (key: string, days = 1) =>
  queryAsOwner("UPDATE access_key SET expires_at = expires_at - $2 * interval '1 day' WHERE id = $1", [
    key,
    days,
  ]);
/** As if the row had been written for the end that the key has now. */
const warningsFollow = (key: string) =>
  queryAsOwner(
    "UPDATE expiry_warning w SET expires_at = k.expires_at FROM access_key k WHERE k.id = $1 AND w.access_key_id = k.id",
    [key],
  );

test("a week before and on the day before its last one, once each", async () => {
  const key = await makeKey({ lastsDays: 8 });
  await run();
  expect(await toldOf(owner)).toEqual([]);
  await aDayPasses(key);
  await run();
  await run();
  expect(await toldOf(owner)).toEqual([key]);
  await aDayPasses(key, 5);
  await warningsFollow(key);
  await run();
  expect(await toldOf(owner)).toEqual([key]);
  await aDayPasses(key);
  await warningsFollow(key);
  await run();
  await run();
  expect(await toldOf(owner)).toEqual([key, key]);
  const [told] = await queryAsOwner("SELECT data, account_id FROM notification WHERE user_id = $1", [
    owner.id,
  ]);
  expect(told).toMatchObject({
    account_id: account.id,
    data: { keyId: key, name: "backup", expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
  });
  expect(
    await queryAsOwner("SELECT 1 FROM email WHERE message = 'access-key-expiring' AND data->>'userId' = $1", [
      owner.id,
    ]),
  ).toHaveLength(2);
});

test("two workers at once tell it once", async () => {
  const keys = [];
  for (let n = 0; n < 5; n += 1) keys.push(await makeKey({ lastsDays: 7 }));
  await Promise.all([run(), run(), run()]);
  expect((await toldOf(owner)).sort()).toEqual(keys.sort());
});

test("owners, admins and who made it, as long as they may look at it; nobody else", async () => {
  const admin = await makeMember(account, "admin");
  const demoted = await makeMember(account, "developer");
  const developer = await makeMember(account, "developer");
  const billing = await makeMember(account, "billing");
  const left = await makeUser();
  const foreign = await makeMember(await makeAccount(), "owner");
  const key = await makeKey({ lastsDays: 1, createdBy: demoted.id });
  const other = await makeKey({ lastsDays: 0, createdBy: left.id });
  await run();
  for (const user of [owner, admin]) expect((await toldOf(user)).sort()).toEqual([key, other].sort());
  expect(await toldOf(demoted)).toEqual([key]);
  for (const user of [developer, billing, left, foreign]) expect(await toldOf(user)).toEqual([]);
});

test("who hears of it on the last days needs no word about the week", async () => {
  await makeKey({ lastsDays: 1 });
  await run();
  await run();
  expect(await toldOf(owner)).toHaveLength(1);
});

test("nothing about keys without an end, made for a few days, not at work, or at their end", async () => {
  await makeKey({ lastsDays: null });
  await makeKey({ lastsDays: 4, ageDays: 1 });
  await makeKey({ lastsDays: 0, ageDays: 0 });
  for (const state of ["provisioning", "inactive", "revoking", "revoked", "failed"])
    await makeKey({ lastsDays: 7, state });
  await makeKey({ lastsDays: -1 });
  await run();
  expect(await toldOf(owner)).toEqual([]);
});

test("a key that got a later end is told of again", async () => {
  const key = await makeKey({ lastsDays: 1 });
  await run();
  await queryAsOwner("UPDATE access_key SET expires_at = expires_at + interval '6 days' WHERE id = $1", [
    key,
  ]);
  await run();
  expect(await toldOf(owner)).toEqual([key, key]);
});

test("each time stands in the account's log, with how many were told", async () => {
  const key = await makeKey({ lastsDays: 7 });
  await run();
  const events = await queryAsOwner("SELECT actor_kind, details FROM audit_event WHERE resource_id = $1", [
    key,
  ]);
  expect(events).toEqual([{ actor_kind: "system", details: { daysBefore: 7, toldCount: 1 } }]);
});
