import { db } from "#app/ports/db.server.ts";

/** A quarter, for who looks something up that they have read. */
const keptReadDays = 90;
/** Who has not looked for a year will not: what matters was mailed, and stands in the account's audit log. */
const keptUnreadDays = 365;

const dayMs = 86_400_000;

/** Removes old notifications. */
export async function purgeNotifications(): Promise<void> {
  const before = (days: number) => ({ lt: new Date(Date.now() - days * dayMs) });
  await db.notification.deleteMany({
    where: { OR: [{ readAt: before(keptReadDays) }, { createdAt: before(keptUnreadDays) }] },
  });
}
