import { command } from "../command.ts";
import { linkLimits } from "../identity/throttling/link-throttle.ts";
import { listOwners } from "../members/read-members.ts";
import { notify } from "../notifications/notify.ts";
import { invitationLinkInput } from "./schema.ts";
import { inInvitedAccount, takeInvitation } from "./take-invitation.ts";

/**
 * Declines an invitation, for whoever has its link: no user is needed, and nothing is lost that could not be sent
 * again. Tells the owners, or of an invitation to the staff who sent it. Throws `link-invalid`.
 */
export const declineInvitation = inInvitedAccount(
  command({
    action: "invitations:decline",
    input: invitationLinkInput,
    throttle: linkLimits,

    async run({ tx, input: { token } }) {
      const invitation = await takeInvitation(tx, token, "declined");
      const { account, email, inviterId } = invitation;
      await notify(tx, {
        kind: "invitation-declined",
        userIds: account ? await listOwners(tx, account.id) : [inviterId],
        accountId: account?.id ?? null,
        data: { email },
      });
      return { invitation };
    },

    audit: ({ output }) => ({ resourceType: "invitation", resourceId: output.invitation.id }),
  }),
);
