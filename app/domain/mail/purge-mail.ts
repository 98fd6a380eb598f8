import { db } from "#app/ports/db.server.ts";

/** How long a mail that came to its end stays in the outbox, as jobs do. */
const keptMs = 30 * 86_400_000;

/** Removes mail that was sent, given up or obsolete 30 days ago. What still waits stays. */
export async function purgeMail(): Promise<void> {
  await db.email.deleteMany({ where: { closedAt: { lt: new Date(Date.now() - keptMs) } } });
}
