import type { AccountState, MemberRole } from "#app/generated/prisma/enums.ts";
import { db, emptySql, type Sql, sql } from "#app/ports/db.server.ts";
import { authorize, authorizeInAccount, can } from "../authorization.ts";
import { type Context, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { pageOf } from "../paging.ts";
import { searchPattern } from "../search-pattern.ts";
import { accountFilter } from "./schema.ts";

export interface OwnAccount {
  id: string;
  slug: string;
  name: string;
  state: AccountState;
  role: MemberRole;
}

/** More accounts than anybody looks through: who has more of them searches. */
const mostOwnAccounts = 200;

/** The accounts that the caller is a member of, by name, at most 200. `q` is part of a name. */
export async function listOwnAccounts(
  context: Context,
  query: Record<string, string> = {},
): Promise<OwnAccount[]> {
  authorize(context, "accounts:list-own");
  const { q } = accountFilter.parse({ q: "", ...query });
  return db.$queryRaw<OwnAccount[]>`
    ${ownAccounts(context)} ${q ? sql`AND a.name ILIKE ${searchPattern(q)}` : emptySql}
    ORDER BY a.name, a.id
    LIMIT ${mostOwnAccounts}`;
}

/** The account in scope, where the caller is a member of it, and the first others by name: nine in all. */
export async function listAccountsToSwitchTo(context: Context): Promise<OwnAccount[]> {
  authorize(context, "accounts:list-own");
  return db.$queryRaw<OwnAccount[]>`
    ${ownAccounts(context)}
    ORDER BY a.id = ${context.accountId}::uuid DESC, a.name, a.id
    LIMIT 9`;
}

function ownAccounts(context: Context): Sql {
  return sql`
    SELECT a.id, a.slug, a.name, a.state::text AS state, m.role::text AS role
    FROM member m JOIN account a ON a.id = m.account_id
    WHERE m.user_id = ${userIdOf(context)}::uuid`;
}

export interface AccountListed {
  id: string;
  slug: string;
  name: string;
  document: string;
  state: AccountState;
  submittedAt: Date;
  ownerEmail: string | null;
  provisioningError: string | null;
}

/**
 * The provider's accounts, newest submission first, 25 a page. `q` is part of a name, of a document
 * as people type it, or of an owner's address.
 */
export async function listAccounts(context: Context, query: Record<string, string>) {
  authorize(context, "accounts:list");
  const { q: search, state, after: cursor } = accountFilter.parse({ q: "", ...query });
  const newest = (accounts: Sql) => sql`
    SELECT a.id, a.submitted_at FROM account a
    WHERE ${accounts}
      ${state ? sql`AND a.state = ${state}::account_state` : emptySql}
      ${cursor ? sql`AND (a.submitted_at, a.id) < (${cursor.at}, ${cursor.id}::uuid)` : emptySql}
    ORDER BY a.submitted_at DESC, a.id DESC
    LIMIT ${pageOf.size + 1}`;
  const rows = await db.$queryRaw<AccountListed[]>`
    SELECT a.id, a.slug, a.name, a.document, a.state::text AS state, a.submitted_at AS "submittedAt",
           owner.email AS "ownerEmail", a.provisioning_error AS "provisioningError"
    FROM (${search ? newestFound(search, newest) : newest(sql`true`)}) page
    JOIN account a ON a.id = page.id
    LEFT JOIN LATERAL (
      SELECT u.email FROM member m JOIN "user" u ON u.id = m.user_id
      WHERE m.account_id = a.id AND m.role = 'owner' ORDER BY m.created_at LIMIT 1
    ) owner ON true
    ORDER BY a.submitted_at DESC, a.id DESC`;
  const page = pageOf(rows, (row) => ({ at: row.submittedAt, id: row.id }));
  return { ...page, filter: { q: search, state: state ?? "" }, isFirst: !cursor };
}

/**
 * The newest accounts that a search finds. One query for each table that is searched in, so that each may go
 * by its index of trigrams where few are found, and from the newest on where many are.
 */
function newestFound(search: string, newest: (accounts: Sql) => Sql): Sql {
  const pattern = searchPattern(search);
  // A document is searched for as it is typed, mask and all.
  const bare = search.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
  return sql`
    (${newest(sql`(a.name ILIKE ${pattern} ${bare ? sql`OR a.document LIKE ${searchPattern(bare)}` : emptySql})`)})
    UNION
    (${newest(sql`a.id IN (
      SELECT m.account_id FROM member m JOIN "user" u ON u.id = m.user_id
      WHERE m.role = 'owner' AND u.email ILIKE ${pattern})`)})
    ORDER BY submitted_at DESC, id DESC
    LIMIT ${pageOf.size + 1}`;
}

/** One account as its members see it. */
export async function getAccount(context: Context) {
  const id = authorizeInAccount(context, "accounts:read");
  const account = await db.account.findUnique({
    where: { id },
    select: {
      id: true,
      slug: true,
      name: true,
      document: true,
      state: true,
      createdAt: true,
      submittedAt: true,
      approvedAt: true,
      activatedAt: true,
      rejectedAt: true,
      rejectionCause: true,
      rejectionReason: true,
    },
  });
  if (!account) throw new DomainError("not-found");
  return account;
}

/** One account as the provider's staff sees it: with its people and what the engine last said. */
export async function getAccountForStaff(context: Context) {
  authorize(context, "accounts:list");
  const account = await getAccount(context);
  const [members, provisioning] = await Promise.all([
    db.member.findMany({
      where: { accountId: account.id },
      orderBy: { createdAt: "asc" },
      take: 50,
      select: { role: true, user: { select: { id: true, name: true, email: true } } },
    }),
    db.account.findUniqueOrThrow({
      where: { id: account.id },
      select: { provisioningError: true, provisioningErrorAt: true },
    }),
  ]);
  return { ...account, ...provisioning, members: members.map(({ role, user }) => ({ ...user, role })) };
}

/** Id of the account at an address: by slug in pages, by id in the API. Tells nothing about access. */
export async function findAccountId(where: { slug: string } | { id: string }): Promise<string | null> {
  return (await db.account.findUnique({ where, select: { id: true } }))?.id ?? null;
}

/** How many accounts wait for a decision; zero for staff who may not list them. */
export async function countWaitingAccounts(context: Context): Promise<number> {
  if (!can(context, "accounts:list")) return 0;
  return db.account.count({ where: { state: "pending" } });
}

export interface AccountCounts {
  pending: number;
  /** Approved, and the engine has not answered yet. */
  provisioning: number;
  /** Of those, where the engine's last answer was an error. */
  failing: number;
  active: number;
}

/** The queues of the provider's overview, in one pass. */
export async function countAccounts(context: Context): Promise<AccountCounts> {
  authorize(context, "accounts:list");
  const [counts] = await db.$queryRaw<AccountCounts[]>`
    SELECT count(*) FILTER (WHERE state = 'pending')::int AS pending,
           count(*) FILTER (WHERE state = 'approved')::int AS provisioning,
           count(*) FILTER (WHERE state = 'approved' AND provisioning_error IS NOT NULL)::int AS failing,
           count(*) FILTER (WHERE state = 'active')::int AS active
    FROM account`;
  return counts ?? { pending: 0, provisioning: 0, failing: 0, active: 0 };
}
