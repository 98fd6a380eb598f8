import type { MemberRole } from "#app/generated/prisma/enums.ts";
import { db, emptySql, literalPattern, sql, type Transaction } from "#app/ports/db.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import { type Context, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { pageOf } from "../paging.ts";
import { memberFilter } from "./schema.ts";

export interface MemberListed {
  /** The membership's. */
  id: string;
  userId: string;
  name: string;
  email: string;
  role: MemberRole;
  /** Since when they are in the account. */
  createdAt: Date;
  hasSecondFactor: boolean;
  /** Their user was disabled by the provider. */
  isDisabled: boolean;
  /** In any of their sessions, also one that ended within the last week; null where there is none. */
  lastSeenAt: Date | null;
}

/** The account's members, newest first, 25 a page. `q` is part of a name or of an address. */
export async function listMembers(context: Context, query: Record<string, string>) {
  const accountId = authorizeInAccount(context, "members:list");
  const { q: search, after: cursor } = memberFilter.parse({ q: "", ...query });
  const pattern = `%${literalPattern(search)}%`;
  const rows = await db.$queryRaw<MemberListed[]>`
    ${members}
    WHERE m.account_id = ${accountId}::uuid
      ${search ? sql`AND (u.name ILIKE ${pattern} OR u.email ILIKE ${pattern})` : emptySql}
      ${cursor ? sql`AND (m.created_at, m.id) < (${cursor.at}, ${cursor.id}::uuid)` : emptySql}
    ORDER BY m.created_at DESC, m.id DESC
    LIMIT ${pageOf.size + 1}`;
  const page = pageOf(rows, (row) => ({ at: row.createdAt, id: row.id }));
  return { members: page.rows, next: page.next, isFirst: !cursor, filter: { q: search } };
}

const members = sql`
  SELECT m.id, m.user_id AS "userId", u.name, u.email, m.role::text AS role, m.created_at AS "createdAt",
         f.user_id IS NOT NULL AS "hasSecondFactor", u.disabled_at IS NOT NULL AS "isDisabled",
         (SELECT max(s.last_seen_at) FROM session s WHERE s.user_id = u.id AND NOT s.second_factor_due) AS "lastSeenAt"
  FROM member m JOIN "user" u ON u.id = m.user_id
  LEFT JOIN second_factor f ON f.user_id = u.id AND f.confirmed_at IS NOT NULL`;

/** One member of the account, by the membership's id. */
export async function getMember(context: Context, id: string): Promise<MemberListed & { isSelf: boolean }> {
  const accountId = authorizeInAccount(context, "members:list");
  const [member] = await db.$queryRaw<MemberListed[]>`
    ${members} WHERE m.id = ${id}::uuid AND m.account_id = ${accountId}::uuid`;
  if (!member) throw new DomainError("not-found");
  return { ...member, isSelf: context.actor.kind === "user" && member.userId === context.actor.userId };
}

/** What the caller leaves behind: their role, and whether somebody else could go on as an owner. */
export async function getOwnMembership(
  context: Context,
): Promise<{ role: MemberRole; isLastOwner: boolean }> {
  const accountId = authorizeInAccount(context, "members:leave");
  const userId = userIdOf(context);
  const member = await db.member.findFirst({ where: { accountId, userId }, select: { role: true } });
  if (!member) throw new DomainError("not-found");
  const others = await db.member.count({
    where: { accountId, role: "owner", userId: { not: userId }, user: { disabledAt: null } },
  });
  return { role: member.role, isLastOwner: member.role === "owner" && others === 0 };
}

/** Ids of the users who own the account, for mail about it. */
export async function listOwners(tx: Transaction, accountId: string): Promise<string[]> {
  const owners = await tx.member.findMany({ where: { accountId, role: "owner" }, select: { userId: true } });
  return owners.map(({ userId }) => userId);
}
