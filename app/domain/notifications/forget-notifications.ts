import type { Transaction } from "#app/ports/db.server.ts";

/** Removes what somebody was told and what they chose to be told, when they close their user. */
export async function forgetNotifications(tx: Transaction, userId: string): Promise<void> {
  await tx.notification.deleteMany({ where: { userId } });
  await tx.notificationPreference.deleteMany({ where: { userId } });
}
