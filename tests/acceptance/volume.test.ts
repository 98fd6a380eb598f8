// A page of a list costs the same in an installation of any size. Measured is what PostgreSQL touches and not how
// long it takes: the same on every machine. Each list is read at a volume and at a twentieth of it.
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  listAccessKeys,
  listGrantableBuckets,
  listKeysForBucket,
} from "#app/domain/access-keys/read-access-keys.ts";
import { listAccounts, listAccountsToSwitchTo, listOwnAccounts } from "#app/domain/accounts/read-accounts.ts";
import { listBuckets } from "#app/domain/buckets/read-buckets.ts";
import type { Context } from "#app/domain/context.ts";
import { listUserHistory } from "#app/domain/identity/staff/read-user-history.ts";
import { getUser, listUsers } from "#app/domain/identity/staff/read-users.ts";
import { listInvitations, listStaffInvitations } from "#app/domain/invitations/read-invitations.ts";
import { listEmails } from "#app/domain/mail/read-mail.ts";
import { listMembers } from "#app/domain/members/read-members.ts";
import { countUnread, listNotifications } from "#app/domain/notifications/read-notifications.ts";
import { pageOf } from "#app/domain/paging.ts";
import { findLastRun, listFailedChecks } from "#app/domain/reconciliation/read-checks.ts";
import { listAllFindings, listFindings } from "#app/domain/reconciliation/read-findings.ts";
import { findRotation } from "#app/domain/rotations/read-rotations.ts";
import { findLatestSurvey, findSurveyUnderWay } from "#app/domain/surveys/read-surveys.ts";
import { findMeasuredSize, readUsageByBucket, readUsageSummary } from "#app/domain/usage/read-usage.ts";
import { readUsageByDay } from "#app/domain/usage/read-usage-by-time.ts";
import { db } from "#app/ports/db.server.ts";
import {
  bornAt,
  idOf,
  large,
  loadVolume,
  meteredMonth,
  small,
  type Volume,
  type VolumeKind,
} from "#tests/support/volume.ts";
import { costOf, type QueryCost } from "./query-cost.ts";

const origin = { requestId: "acceptance", address: null, userAgent: null };
const member: Context = {
  actor: { kind: "user", userId: idOf("user", 1) },
  session: null,
  accountId: idOf("account", 1),
  access: { memberRole: "owner", providerRole: null, accountState: "active", secondFactorMissing: false },
  origin,
  locale: "pt-BR",
};
const operator: Context = {
  ...member,
  accountId: null,
  access: { memberRole: null, providerRole: "operator", accountState: null, secondFactorMissing: false },
};

type Query = Record<string, string>;

/** A list by keyset, newest first. */
interface List {
  name: string;
  kind: VolumeKind;
  read(query: Query): Promise<{ names: string[]; next: string | null }>;
  query?: Query;
  /** Whether the row of this number is in the list. */
  holds(n: number): boolean;
}

const accounts = async (query: Query) => namesOf(await listAccounts(operator, query));
const users = async (query: Query) => namesOf(await listUsers(operator, query));
const buckets = async (query: Query) => {
  const { buckets, next } = await listBuckets(member, query);
  return namesOf({ rows: buckets, next });
};
const accessKeys = async (query: Query) => {
  const { accessKeys, next } = await listAccessKeys(member, query);
  return namesOf({ rows: accessKeys, next });
};

const allFindings = async (query: Query) => {
  const { findings, next } = await listAllFindings(operator, query);
  return { names: findings.map(({ resource }) => resource), next };
};
const findings = async (query: Query) => {
  const { findings, next } = await listFindings(member, query);
  return { names: findings.map(({ resource }) => resource), next };
};
const notifications = async (query: Query) => {
  const { rows, next } = await listNotifications(member, query);
  return { names: rows.map(({ data }) => String(data.name)), next };
};
const members = async (query: Query) => {
  const { members, next } = await listMembers(member, query);
  return namesOf({ rows: members, next });
};
const invitations = async (query: Query) => {
  const { invitations, next } = await listInvitations(member, query);
  return { names: invitations.map(({ email }) => email), next };
};
const staffInvitations = async (query: Query) => {
  const { invitations, next } = await listStaffInvitations(operator, query);
  return { names: invitations.map(({ email }) => email), next };
};
const emails = async (query: Query) => {
  const { rows, next } = await listEmails(operator, query);
  // One a minute: the number is in when it came into being.
  const first = bornAt(0).getTime();
  return { names: rows.map(({ createdAt }) => String((createdAt.getTime() - first) / 60_000)), next };
};
const isClosed = (n: number) => n % 4 === 1 || n % 4 === 2;

function namesOf({ rows, next }: { rows: { name: string }[]; next: string | null }) {
  return { names: rows.map(({ name }) => name), next };
}

const lists: List[] = [
  { name: "accounts", kind: "account", read: accounts, holds: () => true },
  {
    name: "accounts in one state",
    kind: "account",
    read: accounts,
    query: { state: "pending" },
    holds: (n) => n % 50 === 0,
  },
  {
    name: "accounts by a word that many have",
    kind: "account",
    read: accounts,
    query: { q: "adaria" },
    holds: (n) => n % 8 === 0,
  },
  {
    name: "accounts by a word that few have",
    kind: "account",
    read: accounts,
    query: { q: "mmermann" },
    holds: (n) => n <= 5,
  },
  {
    name: "accounts by a word that none has",
    kind: "account",
    read: accounts,
    query: { q: "xilofone" },
    holds: () => false,
  },
  {
    name: "accounts by two letters that none begins with",
    kind: "account",
    read: accounts,
    query: { q: "xi" },
    holds: () => false,
  },
  {
    name: "accounts by an owner's address",
    kind: "account",
    read: accounts,
    query: { q: "dona777@" },
    holds: (n) => n === 777,
  },
  {
    name: "accounts by what every owner's address has",
    kind: "account",
    read: accounts,
    query: { q: "example.test" },
    holds: () => true,
  },
  {
    name: "accounts by a document with its mask",
    kind: "account",
    read: accounts,
    query: { q: "000.776.930-07" },
    holds: (n) => n === 777,
  },
  {
    name: "accounts by a word, in one state",
    kind: "account",
    read: accounts,
    query: { q: "padaria", state: "pending" },
    holds: (n) => n % 200 === 0,
  },
  { name: "users", kind: "user", read: users, holds: () => true },
  {
    name: "the staff",
    kind: "user",
    read: users,
    query: { state: "staff" },
    holds: (n) => n % 100 === 0,
  },
  {
    name: "disabled users",
    kind: "user",
    read: users,
    query: { state: "disabled" },
    holds: (n) => n % 100 === 3,
  },
  { name: "closed users", kind: "user", read: users, query: { state: "closed" }, holds: () => false },
  {
    name: "users by what every name has",
    kind: "user",
    read: users,
    query: { q: "Dona" },
    holds: () => true,
  },
  {
    name: "users by an address",
    kind: "user",
    read: users,
    query: { q: "dona777@" },
    holds: (n) => n === 777,
  },
  {
    name: "users by a word that none has",
    kind: "user",
    read: users,
    query: { q: "xilofone" },
    holds: () => false,
  },
  // The owner is not among the colleagues.
  { name: "members", kind: "colleague", read: members, holds: (n) => n === 1 || n % 2 === 0 },
  { name: "invitations", kind: "invitation", read: invitations, holds: (n) => n % 4 === 1 },
  {
    name: "invitations to the staff",
    kind: "invitation",
    read: staffInvitations,
    holds: (n) => n % 4 === 0,
  },
  { name: "mail", kind: "email", read: emails, holds: () => true },
  {
    name: "mail that was refused",
    kind: "email",
    read: emails,
    query: { state: "failed" },
    holds: (n) => n % 100 === 7,
  },
  {
    name: "mail of a kind that is rare",
    kind: "email",
    read: emails,
    query: { message: "invoice-issued" },
    holds: (n) => n < 10,
  },
  { name: "buckets", kind: "bucket", read: buckets, holds: (n) => n % 10 > 0 },
  {
    name: "buckets by a beginning that many have",
    kind: "bucket",
    read: buckets,
    query: { q: "fotos" },
    holds: (n) => n % 10 > 0 && n % 8 === 1 && n > 5,
  },
  {
    name: "buckets by a beginning that few have",
    kind: "bucket",
    read: buckets,
    query: { q: "arquivo" },
    holds: (n) => n <= 5,
  },
  { name: "access keys", kind: "key", read: accessKeys, holds: (n) => n % 10 > 0 },
  {
    name: "access keys that are active",
    kind: "key",
    read: accessKeys,
    query: { state: "active" },
    holds: (n) => n % 10 > 0,
  },
  {
    name: "access keys by a word that many have",
    kind: "key",
    read: accessKeys,
    query: { q: "have" },
    holds: (n) => n % 10 > 0,
  },
  {
    name: "access keys by a word that none has",
    kind: "key",
    read: accessKeys,
    query: { q: "xilofone" },
    holds: () => false,
  },
  { name: "all findings", kind: "finding", read: allFindings, holds: (n) => !isClosed(n) },
  {
    name: "all closed findings",
    kind: "finding",
    read: allFindings,
    query: { state: "closed" },
    holds: isClosed,
  },
  {
    name: "all findings of one kind",
    kind: "finding",
    read: allFindings,
    query: { kind: "quota_differs" },
    holds: (n) => n % 8 === 0,
  },
  {
    name: "all findings of an account",
    kind: "finding",
    read: allFindings,
    query: { q: "conta-776" },
    holds: (n) => n === 776,
  },
  {
    name: "an account's findings",
    kind: "finding",
    read: findings,
    holds: (n) => n % 2 === 1 && !isClosed(n),
  },
  {
    name: "an account's closed findings",
    kind: "finding",
    read: findings,
    query: { state: "closed" },
    holds: (n) => n % 2 === 1 && isClosed(n),
  },
  { name: "notifications", kind: "notification", read: notifications, holds: (n) => n % 2 === 1 },
  {
    name: "unread notifications",
    kind: "notification",
    read: notifications,
    query: { unread: "on" },
    holds: (n) => n % 4 === 3,
  },
  {
    name: "notifications about what is often",
    kind: "notification",
    read: notifications,
    query: { group: "team" },
    holds: (n) => n % 8 === 1 && n > 9,
  },
  {
    name: "notifications about what is rare",
    kind: "notification",
    read: notifications,
    query: { group: "billing" },
    holds: (n) => n % 2 === 1 && n < 10,
  },
  {
    name: "unread notifications about what is rare",
    kind: "notification",
    read: notifications,
    query: { group: "billing", unread: "on" },
    holds: (n) => n % 4 === 3 && n < 10,
  },
];

const reads: Record<string, () => Promise<unknown>> = {
  "a user": () => getUser(operator, idOf("user", 1)),
  "a user's history": () => listUserHistory(operator, idOf("user", 1)),
  "the count of unread notifications": () => countUnread(member),
  "a person's accounts": () => listOwnAccounts(member),
  "accounts to switch to": () => listAccountsToSwitchTo(member),
  "the keys of a bucket": () => listKeysForBucket(member, idOf("bucket", 9)),
  "buckets that a key may be for": () => listGrantableBuckets(member),
  "a key's last rotation": () => findRotation(member, idOf("key", 6)),
  "the last rotation of a key that had none": () => findRotation(member, idOf("key", 7)),
  "a bucket's latest survey": () => findLatestSurvey(member, idOf("bucket", 9)),
  "a bucket's survey under way": () => findSurveyUnderWay(member, idOf("bucket", 9)),
  "the last run": () => findLastRun(operator),
  "accounts that could not be compared": () => listFailedChecks(operator),
  "a bucket's last measurement": () => findMeasuredSize(member, "fotos-9"),
  "a month of usage": () => readUsageSummary(member, meteredMonth),
  "a month of usage by bucket": () => readUsageByBucket(member, meteredMonth),
  "a month of usage by day": () => readUsageByDay(member, meteredMonth),
};

/** What a read was at one volume. */
interface Finding {
  cost: QueryCost;
  /** Of a page: the numbers of its rows, and whether another follows. */
  page?: Page;
  expected?: Page;
}
interface Page {
  numbers: number[];
  hasNext: boolean;
}

const places = ["first", "middle", "last"] as const;
const pages = lists.flatMap((list) =>
  // What fits on a page has one.
  places
    .filter((place) => place === "first" || numbersOf(list, small).length > pageOf.size)
    .map((place) => ({ list, place, title: `${list.name}, ${place} page` })),
);

const atSmall = new Map<string, Finding>();
const atLarge = new Map<string, Finding>();

// This file's database, as the superuser of the run's server.
const superuserUrl = new URL(
  new URL(process.env.DATABASE_URL ?? "").pathname,
  inject("postgres").superuserUrl,
).href;

beforeAll(async () => {
  for (const [volume, findings] of [
    [small, atSmall],
    [large, atLarge],
  ] as const) {
    const startedAt = performance.now();
    await loadVolume(superuserUrl, volume);
    console.log(`${volume.accounts} accounts loaded in ${Math.round(performance.now() - startedAt)} ms`);
    for (const { list, place, title } of pages) findings.set(title, await findPage(list, place, volume));
    for (const [title, read] of Object.entries(reads)) {
      findings.set(title, { cost: await costOf(read) });
    }
  }
}, 480_000);

afterAll(() => db.$disconnect());

test.each(pages)("$title", ({ title, list }) => {
  for (const finding of [atSmall.get(title), atLarge.get(title)]) {
    expect(finding?.page).toEqual(finding?.expected);
  }
  // A block of such a list holds some thousand rows.
  expectSameCost(title, list.query?.q ? large.accounts / 1000 : 0);
});

test.each(Object.keys(reads))("%s", (title) => {
  expectSameCost(title);
});

/** A planner that sees few rows takes them all, where among many it walks along an index until a page is full. */
const rowsOfAnotherPlan = 200;

/**
 * At a volume a read may look at 1.3 × the rows of a twentieth and touch 1.3 × the blocks, and one block more for
 * each descent into an index that has grown by a level. @param trigramBlocks what a search may add: each trigram has
 * a list of the rows that hold it
 */
function expectSameCost(title: string, trigramBlocks = 0): void {
  const [before, after] = [atSmall.get(title)?.cost, atLarge.get(title)?.cost];
  if (!before || !after) throw new Error(`${title} was not measured`);
  console.log(`  ${title}: blocks ${before.blocks} → ${after.blocks}, rows ${before.rows} → ${after.rows}`);
  // With the scans in it, a failure says which one grew.
  const bound = {
    rows: before.rows * 1.3 + rowsOfAnotherPlan,
    blocks: before.blocks * 1.3 + after.searches + trigramBlocks,
  };
  const excess = after.rows > bound.rows || after.blocks > bound.blocks ? { after, bound } : null;
  expect(excess).toBeNull();
}

async function findPage(list: List, place: (typeof places)[number], volume: Volume): Promise<Finding> {
  const numbers = numbersOf(list, volume);
  // The row that the page before ended with: pages go from the highest number to the lowest.
  const from = { first: numbers.length, middle: Math.floor(numbers.length / 2), last: pageOf.size }[place];
  const last = numbers[from];
  const after: Query =
    last === undefined ? {} : { after: `${bornAt(last).toISOString()}_${idOf(list.kind, last)}` };
  const query = { ...list.query, ...after };
  const { names, next } = await list.read(query);
  return {
    cost: await costOf(() => list.read(query)),
    page: { numbers: names.map((name) => Number(/\d+$/.exec(name)?.[0])), hasNext: next !== null },
    expected: {
      numbers: numbers.slice(Math.max(0, from - pageOf.size), from).reverse(),
      hasNext: from > pageOf.size,
    },
  };
}

/** The list's rows from the oldest to the newest. */
function numbersOf({ kind, holds }: List, volume: Volume): number[] {
  const count = {
    account: volume.accounts,
    user: volume.accounts,
    colleague: volume.accounts,
    invitation: volume.invitations,
    email: volume.emails,
    bucket: volume.buckets,
    key: volume.accessKeys,
    finding: volume.findings,
    notification: volume.notifications,
  }[kind];
  return Array.from({ length: count }, (_, index) => index + 1).filter(holds);
}
