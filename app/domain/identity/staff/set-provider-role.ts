import type { ProviderRole } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../../errors.ts";
import { revokeLinks } from "../link-tokens.ts";
import { refuseLastOperator } from "./last-operator.ts";

/**
 * Gives a user a role among the provider's staff, or takes it with null, inside the caller's command. It counts from
 * their next request on. Throws `last-operator` where that would leave the installation without one, `not-found` for
 * a user who is none any more.
 */
export async function setProviderRole(
  tx: Transaction,
  userId: string,
  role: ProviderRole | null,
): Promise<void> {
  if (role !== "operator") await refuseLastOperator(tx, userId);
  const { count } = await tx.user.updateMany({
    where: { id: userId, closedAt: null },
    data: { providerRole: role },
  });
  if (count !== 1) throw new DomainError("not-found");
  // Such a link makes its bearer an operator: a later decision about the role ends it.
  await revokeLinks(tx, "operator_recovery", userId);
}
