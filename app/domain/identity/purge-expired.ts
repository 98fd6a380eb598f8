import { db } from "#app/ports/db.server.ts";
import { purgeAccessLogs } from "../audit/personal-values.ts";
import { idleLimitMs } from "./sessions/sessions.ts";

/** Sign-ups that nobody confirmed in this time. */
const keptMs = 7 * 86_400_000;
/** A page may be left open for days: what is then typed into it is kept for whose session it was. */
const sessionsKeptMs = 7 * 86_400_000;
/** Changes of address: the mail to the old one may wait for a mail server that is down. */
const addressesKeptMs = 30 * 86_400_000;

/** Removes what can no longer be used: ended sessions, dead links, sign-ups that nobody confirmed. */
export async function purgeExpired(): Promise<void> {
  const now = Date.now();
  const ended = now - sessionsKeptMs;
  await db.session.deleteMany({
    where: {
      OR: [
        { expiresAt: { lt: new Date(ended) } },
        { lastSeenAt: { lt: new Date(ended - idleLimitMs) } },
        // Was never more than a password that was right.
        { secondFactorDue: true, expiresAt: { lt: new Date(now) } },
      ],
    },
  });
  await db.formDraft.deleteMany({ where: { expiresAt: { lt: new Date(now) } } });
  await db.usedState.deleteMany({ where: { expiresAt: { lt: new Date(now) } } });
  await db.setupToken.deleteMany({ where: { usedAt: null, expiresAt: { lt: new Date(now) } } });
  await db.signUp.deleteMany({ where: { createdAt: { lt: new Date(now - keptMs) } } });
  await db.linkToken.deleteMany({ where: { expiresAt: { lt: new Date(now) } } });
  await db.emailChange.deleteMany({ where: { createdAt: { lt: new Date(now - addressesKeptMs) } } });
  await db.rateLimit.deleteMany({ where: { expire: { lt: now } } });
  await purgeAccessLogs();
}
