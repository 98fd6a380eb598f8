import type { Transaction } from "#app/ports/db.server.ts";
import { notify } from "../notifications/notify.ts";

/** Tells every operator that an account waits for a decision. */
export async function announceSubmission(tx: Transaction, accountId: string): Promise<void> {
  const operators = await tx.user.findMany({
    where: { providerRole: "operator", disabledAt: null },
    select: { id: true },
  });
  await notify(tx, { kind: "account-submitted", userIds: operators.map(({ id }) => id), accountId });
}
