import { command } from "../command.ts";
import { accountIdOf, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { requireRoomForMember } from "./require-room.ts";
import { invitationInput } from "./schema.ts";
import { renewInvitation } from "./send-invitation.ts";

/**
 * Sends an invitation of the account again: a new mail and a new link, shown once; earlier links are dead. One that
 * had expired needs room again. Throws `already-decided` where it is not pending any more.
 */
export const resendInvitation = command({
  action: "invitations:resend",
  input: invitationInput,
  throttle: ({ context }) => [
    ["invitations", accountIdOf(context)],
    ["invitations-user", userIdOf(context)],
  ],

  async run({ tx, input: { id }, context }) {
    const accountId = accountIdOf(context);
    const invitation = await tx.invitation.findFirst({
      where: { id, accountId },
      select: { expiresAt: true },
    });
    if (!invitation) throw new DomainError("not-found");
    if (invitation.expiresAt <= new Date()) await requireRoomForMember(tx, accountId);
    const sent = await renewInvitation(tx, context, { id, accountId });
    if (!sent) throw new DomainError("already-decided");
    return sent;
  },

  audit: ({ output }) => ({ resourceType: "invitation", resourceId: output.id }),
});

/** The same for an invitation to the provider's staff. */
export const resendStaffInvitation = command({
  action: "staff-invitations:resend",
  input: invitationInput,
  throttle: () => [["invitations", "staff"]],

  async run({ tx, input: { id }, context }) {
    const invitations = await tx.invitation.count({ where: { id, accountId: null } });
    if (invitations === 0) throw new DomainError("not-found");
    const sent = await renewInvitation(tx, context, { id, accountId: null });
    if (!sent) throw new DomainError("already-decided");
    return sent;
  },

  audit: ({ output }) => ({ resourceType: "invitation", resourceId: output.id }),
});
