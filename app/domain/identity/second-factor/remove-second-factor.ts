import type { Transaction } from "#app/ports/db.server.ts";

/**
 * Takes a person's second factor and recovery codes away, inside the caller's command, which ends sessions and tells
 * them. Answers whether there was one.
 */
export async function removeSecondFactor(tx: Transaction, userId: string): Promise<boolean> {
  const { count } = await tx.secondFactor.deleteMany({ where: { userId } });
  await tx.recoveryCode.deleteMany({ where: { userId } });
  return count === 1;
}
