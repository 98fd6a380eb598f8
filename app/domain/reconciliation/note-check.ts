import { db } from "#app/ports/db.server.ts";
import { reasonOf } from "#app/ports/storage/errors.ts";

/** Notes that the account was compared with the engine at that time, and that its open findings still stand. */
export async function noteCheck(accountId: string, checkedAt: Date): Promise<void> {
  await db.reconciliationCheck.upsert({
    where: { accountId },
    create: { accountId, checkedAt },
    update: { checkedAt, lastError: null },
  });
  await db.finding.updateMany({
    where: { accountId, state: "open", lastSeenAt: { lt: checkedAt } },
    data: { lastSeenAt: checkedAt },
  });
}

/** Notes for operators why an account could not be compared. What was found before stays as it is. */
export async function noteFailedCheck(accountId: string, error: unknown): Promise<void> {
  const lastError = reasonOf(error);
  await db.reconciliationCheck.upsert({
    where: { accountId },
    create: { accountId, lastError },
    update: { lastError },
  });
}
