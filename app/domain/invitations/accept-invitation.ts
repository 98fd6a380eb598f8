import { command } from "../command.ts";
import { userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
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
      // Held until the end: who closes their user at this moment must not be a member of something afterwards.
      const [user] = await tx.user.updateManyAndReturn({
        where: { id: userIdOf(context), disabledAt: null },
        data: { updatedAt: new Date() },
        select: { id: true, name: true, email: true },
      });
      if (!user) throw new DomainError("unauthenticated");
      if (user.email !== invitation.email) throw new DomainError("invitation-for-another");
      await join(tx, invitation, user);
      return { userId: user.id, invitation };
    },

    audit: ({ output }) => auditJoining(output.invitation, output.userId),
  }),
);
