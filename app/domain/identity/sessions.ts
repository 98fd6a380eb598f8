import type { ProviderRole } from "#app/generated/prisma/enums.ts";
import { db, type Transaction } from "#app/ports/db.server.ts";
import type { Origin } from "../context.ts";
import { hashToken, newToken } from "./token.ts";

const minuteMs = 60_000;
/** A session ends when this long has passed without a request (ASVS 7.3.1) … */
export const idleLimitMs = 12 * 60 * minuteMs;
/** … and this long after it began, whatever is done with it (ASVS 7.3.2). */
export const absoluteLimitMs = 30 * 24 * 60 * minuteMs;

/** Starts a session; its id is new at each sign-in. Answers the token for the cookie. */
export async function startSession(tx: Transaction, userId: string, origin: Origin): Promise<string> {
  const token = newToken();
  await tx.session.create({
    data: {
      tokenHash: hashToken(token),
      userId,
      expiresAt: new Date(Date.now() + absoluteLimitMs),
      address: origin.address,
      userAgent: origin.userAgent?.slice(0, 400) ?? null,
    },
  });
  return token;
}

export interface SessionUser {
  sessionId: string;
  userId: string;
  name: string;
  email: string;
  locale: string;
  providerRole: ProviderRole | null;
}

/** The signed-in user of a cookie's token, in one query; null where the session is over. */
export async function findSession(token: string): Promise<SessionUser | null> {
  const now = Date.now();
  const [row] = await db.$queryRaw<(SessionUser & { lastSeenAt: Date })[]>`
    SELECT s.id AS "sessionId", s.last_seen_at AS "lastSeenAt", u.id AS "userId", u.name, u.email, u.locale,
           u.provider_role::text AS "providerRole"
    FROM session s JOIN "user" u ON u.id = s.user_id
    WHERE s.token_hash = ${hashToken(token)} AND s.expires_at > ${new Date(now)}
      AND s.last_seen_at > ${new Date(now - idleLimitMs)} AND u.disabled_at IS NULL`;
  if (!row) return null;
  const { lastSeenAt, ...user } = row;
  // To the minute is enough, and spares a write on nearly every page.
  if (now - lastSeenAt.getTime() > minuteMs) {
    await db.session.updateMany({ where: { id: user.sessionId }, data: { lastSeenAt: new Date(now) } });
  }
  return user;
}
