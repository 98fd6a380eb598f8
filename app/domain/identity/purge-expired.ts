import { db } from "#app/ports/db.server.ts";
import { idleLimitMs } from "./sessions.ts";

/** Sign-ups that nobody confirmed in this time. */
const keptMs = 7 * 86_400_000;

/** Removes what can no longer be used: ended sessions, dead links, sign-ups that nobody confirmed. */
export async function purgeExpired(): Promise<void> {
  const now = Date.now();
  await db.session.deleteMany({
    where: {
      OR: [{ expiresAt: { lt: new Date(now) } }, { lastSeenAt: { lt: new Date(now - idleLimitMs) } }],
    },
  });
  await db.setupToken.deleteMany({ where: { usedAt: null, expiresAt: { lt: new Date(now) } } });
  await db.signUp.deleteMany({ where: { createdAt: { lt: new Date(now - keptMs) } } });
}
