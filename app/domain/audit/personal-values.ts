import { db, type Sql, sql, type Transaction } from "#app/ports/db.server.ts";

/** Providers of applications keep access logs this long (Marco Civil da Internet, art. 15), and no longer. */
const accessLogKept = sql`interval '6 months'`;

/**
 * Events whose personal values are one person's own: what they did signed in, and what made them so. Not what staff
 * did to them: the address in it is another's.
 */
const isBy = (userId: string): Sql => sql`(
  (e.actor_kind = 'user' AND e.actor_id = ${userId})
  OR (e.actor_kind = 'anonymous' AND e.resource_type = 'user' AND e.resource_id = ${userId}))`;

/**
 * Forgets a person in the log, within the caller's transaction: every value that names them, in what others did too.
 * Addresses and devices that stand alone are the access log, which stays until it is six months old
 * (`purgeAccessLogs`). The events themselves stay as they are, and their seals hold.
 */
export async function erasePersonalValues(
  tx: Transaction,
  person: { userId: string; emails: string[] },
): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM audit_personal p USING audit_event e
    WHERE p.event_id = e.id AND ${isBy(person.userId)}
      AND (p.values - 'address' - 'userAgent' <> '{}' OR e.occurred_at < now() - ${accessLogKept})`;
  await tx.$executeRaw`
    DELETE FROM audit_personal WHERE values ? 'email' AND values ->> 'email' = ANY(${person.emails})`;
}

/** Removes what was left of the access logs of people who closed their user, once it is six months old. */
export async function purgeAccessLogs(): Promise<void> {
  const closed = await db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM "user" WHERE closed_at > now() - ${accessLogKept} - interval '1 month'`;
  for (const { id } of closed) {
    await db.$executeRaw`
      DELETE FROM audit_personal p USING audit_event e
      WHERE p.event_id = e.id AND ${isBy(id)} AND e.occurred_at < now() - ${accessLogKept}`;
  }
}
