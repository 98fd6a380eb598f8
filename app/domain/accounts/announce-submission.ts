import type { Transaction } from "#app/ports/db.server.ts";
import { enqueue } from "#app/ports/jobs.server.ts";

/** Tells every operator by mail that an account waits for a decision. */
export async function announceSubmission(tx: Transaction, accountId: string): Promise<void> {
  const operators = await tx.user.findMany({
    where: { providerRole: "operator", disabledAt: null },
    select: { id: true },
  });
  for (const { id } of operators) {
    await enqueue(tx, "send-email", { message: "account-submitted", accountId, userId: id });
  }
}
