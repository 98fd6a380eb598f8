import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../../errors.ts";
import { oneAtATime } from "../../one-at-a-time.ts";

/**
 * Whoever takes the role from an operator, disables or closes them asks here first: without an operator nobody could
 * undo it. Throws `last-operator` where no other is left who can sign in; does nothing for who is none.
 */
export async function refuseLastOperator(tx: Transaction, userId: string): Promise<void> {
  // Two operators who go at once would each count the other.
  await oneAtATime(tx, "operators");
  const user = await tx.user.findUnique({
    where: { id: userId },
    select: { providerRole: true, disabledAt: true },
  });
  if (user?.providerRole !== "operator" || user.disabledAt) return;
  const others = await tx.user.count({
    where: { id: { not: userId }, providerRole: "operator", disabledAt: null },
  });
  if (others === 0) throw new DomainError("last-operator");
}
