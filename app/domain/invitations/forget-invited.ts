import type { Transaction } from "#app/ports/db.server.ts";
import { pseudonymousEmail } from "../identity/profile/forget-user.ts";

/**
 * Puts a pseudonym in the place of a person's addresses when they close their user: in the invitations that they
 * answered, and in those that wait for them, which end.
 */
export async function forgetInvited(
  tx: Transaction,
  person: { userId: string; emails: string[] },
): Promise<void> {
  const theirs = { OR: [{ email: { in: person.emails } }, { acceptedById: person.userId }] };
  await tx.invitation.updateMany({
    where: { ...theirs, state: "pending" },
    data: { state: "cancelled", closedAt: new Date() },
  });
  await tx.invitation.updateMany({ where: theirs, data: { email: pseudonymousEmail(person.userId) } });
}
