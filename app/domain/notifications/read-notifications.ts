import { db, emptySql, type Sql, sql } from "#app/ports/db.server.ts";
import { authorize, can } from "../authorization.ts";
import { type Context, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { type Page, pageOf } from "../paging.ts";
import { kindNames, type ListedKind, type NotificationGroup, settingsOf } from "./kinds.ts";
import { notificationFilter } from "./schema.ts";
import { subjectPath } from "./subject-path.ts";

export interface NotificationListed {
  id: string;
  kind: ListedKind;
  /** As `notify` was given it. */
  data: Record<string, string | number>;
  createdAt: Date;
  readAt: Date | null;
  /** The account that it is about, as it is called now. */
  account: { id: string; slug: string; name: string } | null;
  /** The page of what it is about; null where the reader has none to see. */
  path: string | null;
}

interface NotificationPage extends Page<NotificationListed> {
  filter: { group: NotificationGroup | ""; unread: "on" | "" };
  isFirst: boolean;
}

/** The caller's own notifications, newest first, 25 a page: all, or those of one group, or the unread ones. */
export async function listNotifications(
  context: Context,
  query: Record<string, string>,
): Promise<NotificationPage> {
  authorize(context, "notifications:list-own");
  const { group, unread, after: cursor } = notificationFilter.parse(query);
  const newest = (which: Sql) => sql`
    SELECT n.id, n.created_at FROM notification n
    WHERE n.user_id = ${userIdOf(context)}::uuid ${which}
      ${unread ? sql`AND n.read_at IS NULL` : emptySql}
      ${cursor ? sql`AND (n.created_at, n.id) < (${cursor.at}, ${cursor.id}::uuid)` : emptySql}
    ORDER BY n.created_at DESC, n.id DESC
    LIMIT ${pageOf.size + 1}`;
  const rows = await db.$queryRaw<NotificationRow[]>`
    SELECT n.id, n.kind, n.data, n.created_at AS "createdAt", n.read_at AS "readAt",
           a.id AS "accountId", a.slug AS "accountSlug", a.name AS "accountName", m.id IS NOT NULL AS "isMember"
    FROM (${group || unread ? newestByKind(group, newest) : newest(emptySql)}) page
    JOIN notification n ON n.id = page.id
    LEFT JOIN account a ON a.id = n.account_id
    LEFT JOIN member m ON m.account_id = a.id AND m.user_id = n.user_id
    ORDER BY n.created_at DESC, n.id DESC`;
  const page = pageOf(rows, (row) => ({ at: row.createdAt, id: row.id }));
  return {
    rows: page.rows.map((row) => toListed(row, can(context, "accounts:list"))),
    next: page.next,
    filter: { group: group ?? "", unread: unread ?? "" },
    isFirst: !cursor,
  };
}

/**
 * The newest of each kind of the group, or of all, by the indexes that have the kind in them: what is asked for may be
 * rare among many.
 */
function newestByKind(group: NotificationGroup | undefined, newest: (which: Sql) => Sql): Sql {
  const kinds = kindNames.filter((kind) => !group || settingsOf(kind).group === group);
  return sql`
    SELECT each.id, each.created_at
    FROM unnest(${kinds}::text[]) AS of(kind), LATERAL (${newest(sql`AND n.kind = of.kind`)}) each
    ORDER BY each.created_at DESC, each.id DESC
    LIMIT ${pageOf.size + 1}`;
}

interface NotificationRow extends Omit<NotificationListed, "account" | "path"> {
  accountId: string | null;
  accountSlug: string;
  accountName: string;
  isMember: boolean;
}

function toListed(row: NotificationRow, isStaff: boolean): NotificationListed {
  const { accountId, accountSlug: slug, accountName: name, isMember, ...rest } = row;
  const belongs = settingsOf(row.kind).provider ? isStaff : isMember;
  return {
    ...rest,
    account: accountId ? { id: accountId, slug, name } : null,
    path: subjectPath(row.kind, { account: belongs ? slug : null, data: row.data }),
  };
}

/** Throws `not-found` for a notification that is not the caller's. */
export async function requireOwnNotification(context: Context, id: string): Promise<void> {
  authorize(context, "notifications:list-own");
  const own = await db.notification.count({ where: { id, userId: userIdOf(context) } });
  if (own === 0) throw new DomainError("not-found");
}

/** More than this are not counted: the pages say "99+". */
export const countedUnread = 100;

/** How many notifications the caller has not read, up to `countedUnread`. Every page asks. */
export async function countUnread(context: Context): Promise<number> {
  authorize(context, "notifications:list-own");
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM notification WHERE user_id = ${userIdOf(context)}::uuid AND read_at IS NULL LIMIT ${countedUnread}
    ) unread`;
  return row?.count ?? 0;
}
