import { command } from "../command.ts";
import { userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { holdUser } from "../identity/hold-user.ts";
import { linkLimits } from "../identity/throttling/link-throttle.ts";
import { invitationLinkInput } from "./schema.ts";
import { auditJoining, inInvitedAccount, join, takeInvitation } from "./take-invitation.ts";

/**
 * Accepts an invitation for the person who is signed in, which must be the one invited: the address is theirs, so that
 * either kind of link will do. Throws `invitation-for-another`, `already-member` and, where it cannot be accepted any
 * more, `link-invalid`.
 */
export const acceptInvitation = inInvitedAccount(
  command({
    action: "invitations:accept",
    input: invitationLinkInput,
    throttle: linkLimits,

    async run({ tx, input: { token }, context }) {
      const invitation = await takeInvitation(tx, token, "accepted");
      const user = await holdUser(tx, userIdOf(context));
      if (user.email !== invitation.email) throw new DomainError("invitation-for-another");
      await join(tx, invitation, user);
      return { userId: user.id, invitation };
    },

    audit: ({ output }) => auditJoining(output.invitation, output.userId),
  }),
);
