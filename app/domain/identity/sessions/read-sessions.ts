import { db, type Sql, sql } from "#app/ports/db.server.ts";
import { authorize } from "../../authorization.ts";
import { type Context, userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { type Device, deviceOf } from "./device.ts";
import { idleLimitMs } from "./sessions.ts";

export interface OpenSession {
  id: string;
  createdAt: Date;
  /** To the minute. */
  lastSeenAt: Date;
  /** When it ends whatever is done with it. */
  expiresAt: Date;
  /** IP address that it began from; null where the server did not see it. */
  address: string | null;
  device: Device;
  /** The one that asks. */
  isCurrent: boolean;
}

/** A list shows no more; all can still be ended at once. */
export const sessionsShown = 100;

/** The caller's sessions that have not ended (ASVS 7.5.2), the last used first, 100 at most. */
export async function listOwnSessions(context: Context): Promise<OpenSession[]> {
  authorize(context, "sessions:list-own");
  return readSessions(context, sql`s.user_id = ${userIdOf(context)}::uuid`);
}

/** One of them. Throws `not-found` for one that has ended, and for another person's. */
export async function getOwnSession(context: Context, id: string): Promise<OpenSession> {
  authorize(context, "sessions:list-own");
  const ofCaller = sql`s.user_id = ${userIdOf(context)}::uuid`;
  const [session] = await readSessions(context, sql`${ofCaller} AND s.id = ${id}::uuid`);
  if (!session) throw new DomainError("not-found");
  return session;
}

/** Somebody's sessions, for the provider's staff (ASVS 7.4.5), the last used first, 100 at most. */
export async function listSessionsOf(context: Context, userId: string): Promise<OpenSession[]> {
  authorize(context, "users:read");
  return readSessions(context, sql`s.user_id = ${userId}::uuid`);
}

/** Those that open something: not one whose second factor is still due. */
async function readSessions(context: Context, which: Sql): Promise<OpenSession[]> {
  const now = Date.now();
  const rows = await db.$queryRaw<
    (Omit<OpenSession, "device" | "isCurrent"> & { userAgent: string | null })[]
  >`
    SELECT s.id, s.created_at AS "createdAt", s.last_seen_at AS "lastSeenAt", s.expires_at AS "expiresAt",
           s.address, s.user_agent AS "userAgent"
    FROM session s
    WHERE ${which} AND NOT s.second_factor_due
      AND s.expires_at > ${new Date(now)} AND s.last_seen_at > ${new Date(now - idleLimitMs)}
    ORDER BY s.last_seen_at DESC, s.id DESC
    LIMIT ${sessionsShown}`;
  return rows.map(({ userAgent, ...session }) => ({
    ...session,
    device: deviceOf(userAgent),
    isCurrent: session.id === context.session?.id,
  }));
}
