import type { MemberRole, ProviderRole } from "#app/generated/prisma/enums.ts";
import { db, emptySql, type Sql, sql } from "#app/ports/db.server.ts";
import { authorize } from "../../authorization.ts";
import type { Context } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { type Cursor, pageOf } from "../../paging.ts";
import { searchPattern } from "../../search-pattern.ts";
import { providerName } from "../providers/providers.ts";
import { userFilter } from "./schema.ts";
import type { UserState } from "./states.ts";

export interface UserListed {
  id: string;
  name: string;
  email: string;
  providerRole: ProviderRole | null;
  state: UserState;
  createdAt: Date;
  /** How many accounts the person is a member of. */
  accounts: number;
  hasSecondFactor: boolean;
  /** The last request in any of their sessions, also one that ended within the last week; null without any. */
  lastSeenAt: Date | null;
}

/** Every user, newest first, 25 a page. `q` is part of a name or of an address. */
export async function listUsers(context: Context, query: Record<string, string>) {
  authorize(context, "users:list");
  const { q, state, after } = userFilter.parse({ q: "", ...query });
  const page = pageOf(await readUsers({ q, state, after }, pageOf.size + 1), cursorOf);
  return { ...page, filter: { q, state: state ?? "" }, isFirst: !after };
}

/** Rows read at once for a download. */
const batchSize = 500;

/** All of a filtered list, in parts: any number of users fits in memory. Refuses when it is called. */
export function readAllUsers(
  context: Context,
  query: Record<string, string>,
): AsyncGenerator<UserListed[], void, undefined> {
  authorize(context, "users:list");
  const { q, state } = userFilter.parse({ q: "", ...query });
  return batches();

  async function* batches() {
    for (let after: Cursor | undefined; ; ) {
      const users = await readUsers({ q, state, after }, batchSize);
      yield users;
      const last = users.at(-1);
      if (!last || users.length < batchSize) return;
      after = cursorOf(last);
    }
  }
}

function cursorOf({ createdAt, id }: UserListed): Cursor {
  return { at: createdAt, id };
}

interface Wanted {
  q: string;
  state: keyof typeof isInState | undefined;
  after: Cursor | undefined;
}

/** Each has a partial index in the order of the list. */
const isInState = {
  staff: sql`provider_role IS NOT NULL`,
  disabled: sql`disabled_at IS NOT NULL AND closed_at IS NULL`,
  closed: sql`closed_at IS NOT NULL`,
};

function readUsers({ q, state, after }: Wanted, limit: number): Promise<UserListed[]> {
  const pattern = searchPattern(q);
  return db.$queryRaw<UserListed[]>`
    SELECT u.id, u.name, u.email, u.provider_role::text AS "providerRole", ${userState} AS state,
           u.created_at AS "createdAt", f.user_id IS NOT NULL AS "hasSecondFactor",
           (SELECT count(*)::int FROM member m WHERE m.user_id = u.id) AS accounts,
           (SELECT max(s.last_seen_at) FROM session s WHERE s.user_id = u.id AND NOT s.second_factor_due) AS "lastSeenAt"
    FROM (
      SELECT * FROM "user"
      WHERE true
        ${q ? sql`AND (name ILIKE ${pattern} OR email ILIKE ${pattern})` : emptySql}
        ${state ? sql`AND ${isInState[state]}` : emptySql}
        ${after ? sql`AND (created_at, id) < (${after.at}, ${after.id}::uuid)` : emptySql}
      ORDER BY created_at DESC, id DESC
      LIMIT ${limit}
    ) u
    LEFT JOIN second_factor f ON f.user_id = u.id AND f.confirmed_at IS NOT NULL
    ORDER BY u.created_at DESC, u.id DESC`;
}

const userState: Sql = sql`
  CASE WHEN u.closed_at IS NOT NULL THEN 'closed' WHEN u.disabled_at IS NOT NULL THEN 'disabled' ELSE 'active' END`;

export interface UserDetails {
  id: string;
  name: string;
  email: string;
  locale: string;
  timeZone: string | null;
  providerRole: ProviderRole | null;
  state: UserState;
  createdAt: Date;
  disabledAt: Date | null;
  closedAt: Date | null;
  hasPassword: boolean;
  /** When the second factor was set up; null without one. */
  secondFactorSince: Date | null;
  recoveryCodesLeft: number;
}

/** One user as the provider's staff sees them. Throws `not-found`. */
export async function getUser(context: Context, id: string): Promise<UserDetails> {
  authorize(context, "users:read");
  const [user] = await db.$queryRaw<UserDetails[]>`
    SELECT u.id, u.name, u.email, u.locale, u.time_zone AS "timeZone", u.provider_role::text AS "providerRole",
           ${userState} AS state, u.created_at AS "createdAt", u.disabled_at AS "disabledAt",
           u.closed_at AS "closedAt", u.password_hash IS NOT NULL AS "hasPassword",
           f.confirmed_at AS "secondFactorSince",
           (SELECT count(*)::int FROM recovery_code c WHERE c.user_id = u.id AND c.used_at IS NULL)
             AS "recoveryCodesLeft"
    FROM "user" u LEFT JOIN second_factor f ON f.user_id = u.id
    WHERE u.id = ${id}::uuid`;
  if (!user) throw new DomainError("not-found");
  return user;
}

/** Whether there is such a user. Tells nothing about access. */
export async function isUser(id: string): Promise<boolean> {
  return (await db.user.count({ where: { id } })) > 0;
}

export interface Membership {
  slug: string;
  name: string;
  role: MemberRole;
  since: Date;
}

/** The accounts that somebody is a member of, by name, the first 200. */
export async function listMembershipsOf(context: Context, userId: string): Promise<Membership[]> {
  authorize(context, "users:read");
  return db.$queryRaw<Membership[]>`
    SELECT a.slug, a.name, m.role::text AS role, m.created_at AS since
    FROM member m JOIN account a ON a.id = m.account_id
    WHERE m.user_id = ${userId}::uuid
    ORDER BY a.name, a.id
    LIMIT 200`;
}

/** Which providers somebody may sign in by. What the provider knows them by stays out of sight. */
export async function listIdentitiesOf(context: Context, userId: string) {
  authorize(context, "users:read");
  const identities = await db.identity.findMany({
    where: { userId },
    orderBy: { createdAt: "asc" },
    select: { id: true, provider: true, label: true, createdAt: true, lastUsedAt: true },
  });
  return identities.map(({ provider, ...identity }) => ({ ...identity, provider: providerName(provider) }));
}
