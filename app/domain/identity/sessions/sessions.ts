import type { ProviderRole } from "#app/generated/prisma/enums.ts";
import { db, type Transaction } from "#app/ports/db.server.ts";
import { env } from "#app/ports/env.server.ts";
import type { Context } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { hashToken, newToken } from "../token.ts";

const minuteMs = 60_000;
/** A session ends when this long has passed without a request (ASVS 7.3.1) … */
export const idleLimitMs = env.SESSION_IDLE_HOURS * 60 * minuteMs;
/** … and this long after it began, whatever is done with it (ASVS 7.3.2). */
export const absoluteLimitMs = env.SESSION_ABSOLUTE_DAYS * 24 * 60 * minuteMs;
/** Time to give the code of the second factor; then the password is asked for again. */
export const secondFactorLimitMs = 15 * minuteMs;

export interface StartedSession {
  /** For the cookie, and for nothing else. */
  token: string;
  /** The session opens nothing until the code of the second factor was given. */
  secondFactorDue: boolean;
}

/**
 * Starts a session, with a new id, and ends the one that the request came with (ASVS 7.2.4). The only way to one:
 * whether a second factor is due is looked up here, so that no path can go past it (ASVS 6.3.4, 6.4.3).
 */
export async function startSession(
  tx: Transaction,
  userId: string,
  context: Pick<Context, "origin" | "session">,
): Promise<StartedSession> {
  const token = newToken();
  const { origin, session } = context;
  // Whoever sets a factor up holds this, and then ends the sessions that are there: one that looked before and is
  // written after would go on without it.
  await oneAtATime(tx, `second-factor:${userId}`);
  const secondFactorDue =
    (await tx.secondFactor.count({ where: { userId, confirmedAt: { not: null } } })) > 0;
  await tx.session.create({
    data: {
      tokenHash: hashToken(token),
      userId,
      expiresAt: new Date(Date.now() + (secondFactorDue ? secondFactorLimitMs : absoluteLimitMs)),
      address: origin.address,
      userAgent: origin.userAgent?.slice(0, 400) ?? null,
      secondFactorDue,
    },
  });
  if (session) await tx.session.deleteMany({ where: { id: session.id } });
  return { token, secondFactorDue };
}

/**
 * Marks that the person has just proved who they are, with all factors that they have, and gives the session a new id
 * (ASVS 7.2.4). Answers the token for the cookie. Throws `unauthenticated` where the session is gone.
 */
export async function renewSession(tx: Transaction, sessionId: string): Promise<string> {
  const token = newToken();
  const now = new Date();
  // The limits begin anew where the session only now comes into force.
  const { count } = await tx.session.updateMany({
    where: { id: sessionId, secondFactorDue: false, expiresAt: { gt: now } },
    data: { tokenHash: hashToken(token), authenticatedAt: now, lastSeenAt: now },
  });
  const begun = await tx.session.updateMany({
    where: { id: sessionId, secondFactorDue: true, expiresAt: { gt: now } },
    data: {
      tokenHash: hashToken(token),
      authenticatedAt: now,
      lastSeenAt: now,
      secondFactorDue: false,
      wrongCodes: 0,
      expiresAt: new Date(now.getTime() + absoluteLimitMs),
    },
  });
  if (count + begun.count !== 1) throw new DomainError("unauthenticated");
  return token;
}

/** Ends a person's sessions, all but the one named. Answers how many those were. */
export async function endSessions(tx: Transaction, userId: string, exceptId?: string): Promise<number> {
  const { count } = await tx.session.deleteMany({
    where: { userId, ...(exceptId ? { id: { not: exceptId } } : {}) },
  });
  return count;
}

export interface SessionUser {
  sessionId: string;
  authenticatedAt: Date;
  userId: string;
  name: string;
  email: string;
  locale: string;
  /** IANA name; null for the installation's. */
  timeZone: string | null;
  providerRole: ProviderRole | null;
  hasSecondFactor: boolean;
}

/** What a visitor's token stands for. */
export type FoundSession =
  | { kind: "user"; user: SessionUser }
  /** Signed in but for the code of the second factor. */
  | { kind: "second-factor-due"; sessionId: string; userId: string }
  /** Over, or ended by idleness, and not cleared away yet; whose it was. */
  | { kind: "expired"; userId: string };

/** The session of a cookie's token, in one query; null where there is none. */
export async function findSession(token: string): Promise<FoundSession | null> {
  const now = Date.now();
  const [row] = await db.$queryRaw<
    (SessionUser & { lastSeenAt: Date; secondFactorDue: boolean; isLive: boolean })[]
  >`
    SELECT s.id AS "sessionId", s.last_seen_at AS "lastSeenAt", s.authenticated_at AS "authenticatedAt",
           s.second_factor_due AS "secondFactorDue",
           s.expires_at > ${new Date(now)} AND s.last_seen_at > ${new Date(now - idleLimitMs)} AS "isLive",
           u.id AS "userId", u.name, u.email, u.locale, u.time_zone AS "timeZone",
           u.provider_role::text AS "providerRole", f.user_id IS NOT NULL AS "hasSecondFactor"
    FROM session s JOIN "user" u ON u.id = s.user_id
    LEFT JOIN second_factor f ON f.user_id = u.id AND f.confirmed_at IS NOT NULL
    WHERE s.token_hash = ${hashToken(token)} AND u.disabled_at IS NULL`;
  if (!row) return null;
  const { lastSeenAt, secondFactorDue, isLive, ...user } = row;
  const { sessionId, userId } = user;
  if (secondFactorDue) return isLive ? { kind: "second-factor-due", sessionId, userId } : null;
  if (!isLive) return { kind: "expired", userId };
  // To the minute is enough, and spares a write on nearly every page.
  if (now - lastSeenAt.getTime() > minuteMs) {
    await db.session.updateMany({ where: { id: sessionId }, data: { lastSeenAt: new Date(now) } });
  }
  return { kind: "user", user };
}
