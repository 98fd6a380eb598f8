import type { Transaction } from "#app/ports/db.server.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { lockInvitation, revokeInvitationLinks } from "./invitation-links.ts";
import { invitationInput } from "./schema.ts";

/** Takes an invitation of the account back; its links are dead. Throws `already-decided` where it is not pending. */
export const cancelInvitation = command({
  action: "invitations:cancel",
  input: invitationInput,
  run: ({ tx, input: { id }, context }) => cancel(tx, { id, accountId: accountIdOf(context) }),
  audit: ({ input }) => ({ resourceType: "invitation", resourceId: input.id }),
});

/** The same for an invitation to the provider's staff. */
export const cancelStaffInvitation = command({
  action: "staff-invitations:cancel",
  input: invitationInput,
  run: ({ tx, input: { id } }) => cancel(tx, { id, accountId: null }),
  audit: ({ input }) => ({ resourceType: "invitation", resourceId: input.id }),
});

async function cancel(tx: Transaction, where: { id: string; accountId: string | null }): Promise<void> {
  if ((await tx.invitation.count({ where })) === 0) throw new DomainError("not-found");
  await lockInvitation(tx, where.id);
  const { count } = await tx.invitation.updateMany({
    where: { ...where, state: "pending" },
    data: { state: "cancelled", closedAt: new Date() },
  });
  if (count !== 1) throw new DomainError("already-decided");
  await revokeInvitationLinks(tx, where.id);
}
