import type { MemberRole, ProviderRole } from "#app/generated/prisma/enums.ts";
import { db, emptySql, type Sql, sql, type Transaction } from "#app/ports/db.server.ts";
import { authorize, authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { pageOf } from "../paging.ts";
import { type FoundLink, findInvitationLink } from "./invitation-links.ts";
import { isOpen } from "./open-invitations.ts";
import { invitationFilter } from "./schema.ts";
import type { PendingState } from "./states.ts";

export interface InvitationListed {
  id: string;
  email: string;
  /** Null for one to the staff. */
  role: MemberRole | null;
  /** Null for one to an account. */
  providerRole: ProviderRole | null;
  state: PendingState;
  invitedBy: string | null;
  createdAt: Date;
  sentAt: Date;
  expiresAt: Date;
}

/** The account's invitations that nobody has answered, newest first, 25 a page. */
export async function listInvitations(context: Context, query: Record<string, string>) {
  const accountId = authorizeInAccount(context, "invitations:list");
  return listPending(sql`i.account_id = ${accountId}::uuid`, query);
}

/** Invitations to the provider's staff that nobody has answered, newest first, 25 a page. */
export async function listStaffInvitations(context: Context, query: Record<string, string> = {}) {
  authorize(context, "users:list");
  return listPending(sql`i.account_id IS NULL`, query);
}

async function listPending(whose: Sql, query: Record<string, string>) {
  const { after: cursor } = invitationFilter.parse(query);
  const rows = await db.$queryRaw<InvitationListed[]>`
    ${pendingInvitations} WHERE i.state = 'pending' AND ${whose}
      ${cursor ? sql`AND (i.created_at, i.id) < (${cursor.at}, ${cursor.id}::uuid)` : emptySql}
    ORDER BY i.created_at DESC, i.id DESC
    LIMIT ${pageOf.size + 1}`;
  const page = pageOf(rows, (row) => ({ at: row.createdAt, id: row.id }));
  return { invitations: page.rows, next: page.next, isFirst: !cursor };
}

const pendingInvitations = sql`
  SELECT i.id, i.email, i.role::text AS role, i.provider_role::text AS "providerRole",
         CASE WHEN ${isOpen} THEN 'pending' ELSE 'expired' END AS state,
         sender.name AS "invitedBy", i.created_at AS "createdAt", i.sent_at AS "sentAt", i.expires_at AS "expiresAt"
  FROM invitation i LEFT JOIN "user" sender ON sender.id = i.invited_by_id`;

/** One of the account's invitations. Throws `already-decided` where it is not pending any more. */
export async function getInvitation(context: Context, id: string): Promise<InvitationListed> {
  const accountId = authorizeInAccount(context, "invitations:list");
  return getPending(sql`i.account_id = ${accountId}::uuid`, id);
}

/** The same of those to the provider's staff. */
export async function getStaffInvitation(context: Context, id: string): Promise<InvitationListed> {
  authorize(context, "users:list");
  return getPending(sql`i.account_id IS NULL`, id);
}

async function getPending(whose: Sql, id: string): Promise<InvitationListed> {
  const [invitation] = await db.$queryRaw<InvitationListed[]>`
    ${pendingInvitations} WHERE i.state = 'pending' AND ${whose} AND i.id = ${id}::uuid`;
  if (invitation) return invitation;
  const closed = await db.$queryRaw<object[]>`SELECT FROM invitation i WHERE ${whose} AND i.id = ${id}::uuid`;
  throw new DomainError(closed.length > 0 ? "already-decided" : "not-found");
}

export interface OpenInvitation {
  id: string;
  email: string;
  role: MemberRole | null;
  providerRole: ProviderRole | null;
  /** Null for one to the provider's staff. */
  account: { id: string; slug: string; name: string } | null;
  inviterId: string;
  inviterName: string;
  expiresAt: Date;
  /** There is a user with the invited address. Only for who has shown that the address is theirs. */
  hasUser: boolean;
  /** The link was mailed to the invited address. */
  provesAddress: boolean;
}

interface OpenRow extends Omit<OpenInvitation, "account" | "provesAddress"> {
  accountId: string | null;
  slug: string;
  accountName: string;
}

/** The invitation that a link leads to, for whoever has the link; null where it cannot be accepted any more. */
export async function findInvitation(token: string): Promise<OpenInvitation | null> {
  const link = await findInvitationLink(token);
  return link ? readOpenInvitation(db, link) : null;
}

/** The same for a link that was found already. */
export async function readOpenInvitation(tx: Transaction, link: FoundLink): Promise<OpenInvitation | null> {
  const [row] = await tx.$queryRaw<OpenRow[]>`
    SELECT i.id, i.email, i.role::text AS role, i.provider_role::text AS "providerRole", i.expires_at AS "expiresAt",
           a.id AS "accountId", a.slug, a.name AS "accountName",
           i.invited_by_id AS "inviterId", sender.name AS "inviterName",
           EXISTS (SELECT FROM "user" invited WHERE invited.email = i.email) AS "hasUser"
    FROM invitation i JOIN "user" sender ON sender.id = i.invited_by_id LEFT JOIN account a ON a.id = i.account_id
    WHERE i.id = ${link.invitationId}::uuid AND ${isOpen}
      AND (a.id IS NULL OR a.state NOT IN ('closing', 'closed'))`;
  if (!row) return null;
  const { accountId, slug, accountName, ...invitation } = row;
  const account = accountId ? { id: accountId, slug, name: accountName } : null;
  return { ...invitation, account, provesAddress: link.provesAddress };
}
