import { messageTitle } from "#app/emails/render.ts";
import type { EmailState } from "#app/generated/prisma/enums.ts";
import { defaultLocale, isLocale } from "#app/locales/index.ts";
import { db, emptySql, type Sql, sql } from "#app/ports/db.server.ts";
import { authorize, can } from "../authorization.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { pageOf } from "../paging.ts";
import { emailFilter } from "./schema.ts";

export interface EmailListed {
  id: string;
  /** The message's name, and what it is called in the caller's language. */
  message: string;
  title: string;
  state: EmailState;
  attempts: number;
  lastError: string | null;
  createdAt: Date;
  closedAt: Date | null;
  /** Whom it is about or goes to; null for somebody who is no user yet. */
  userId: string | null;
  userName: string | null;
}

/** The outbox, newest first, 25 a page. Neither addresses nor what the mails say: those are not kept. */
export async function listEmails(context: Context, query: Record<string, string>) {
  authorize(context, "emails:list");
  const { state, message, after: cursor } = emailFilter.parse(query);
  const rows = await readEmails(sql`
    SELECT * FROM email
    WHERE true
      ${state ? sql`AND state = ${state}::email_state` : emptySql}
      ${message ? sql`AND message = ${message}` : emptySql}
      ${cursor ? sql`AND (created_at, id) < (${cursor.at}, ${cursor.id}::uuid)` : emptySql}
    ORDER BY created_at DESC, id DESC
    LIMIT ${pageOf.size + 1}`);
  const page = pageOf(rows, ({ createdAt, id }) => ({ at: createdAt, id }));
  return {
    ...page,
    rows: page.rows.map(
      ({ lastTriedAt: _, accountName: __, accountSlug: ___, ...row }): EmailListed => ({
        ...row,
        title: titleOf(context, row.message),
      }),
    ),
    filter: { state: state ?? "", message: message ?? "" },
    isFirst: !cursor,
  };
}

export interface EmailShown extends EmailListed {
  lastTriedAt: Date | null;
  /** The account that it is about; null where it is about none. */
  accountSlug: string | null;
  accountName: string | null;
}

/** One mail of the outbox. */
export async function getEmail(context: Context, id: string): Promise<EmailShown> {
  authorize(context, "emails:list");
  const [row] = await readEmails(sql`SELECT * FROM email WHERE id = ${id}::uuid`);
  if (!row) throw new DomainError("not-found");
  return { ...row, title: titleOf(context, row.message) };
}

type Row = Omit<EmailShown, "title">;

/** Rows of the outbox with whom and what they are about, in one query. */
function readEmails(emails: Sql): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    SELECT e.id, e.message, e.state::text AS state, e.attempts, e.last_error AS "lastError",
           e.created_at AS "createdAt", e.last_tried_at AS "lastTriedAt", e.closed_at AS "closedAt",
           u.id AS "userId", u.name AS "userName", a.slug AS "accountSlug", a.name AS "accountName"
    FROM (${emails}) e
    LEFT JOIN email_change c ON c.id = (e.data ->> 'emailChangeId')::uuid
    LEFT JOIN invitation i ON i.id = (e.data ->> 'invitationId')::uuid
    LEFT JOIN "user" u ON u.id = coalesce((e.data ->> 'userId')::uuid, c.user_id)
    LEFT JOIN account a ON a.id = coalesce((e.data ->> 'accountId')::uuid, i.account_id)
    ORDER BY e.created_at DESC, e.id DESC`;
}

/** How many mails were given up; zero for staff who may not list them. */
export async function countFailedEmails(context: Context): Promise<number> {
  if (!can(context, "emails:list")) return 0;
  return db.email.count({ where: { state: "failed" } });
}

function titleOf({ locale }: Context, message: string): string {
  return messageTitle(message, isLocale(locale) ? locale : defaultLocale);
}
