import { command } from "../command.ts";
import { DomainError } from "../errors.ts";
import { linkLimits } from "../identity/throttling/link-throttle.ts";
import { queueEmail } from "../mail/queue-email.ts";
import { findInvitationLink } from "./invitation-links.ts";
import { readOpenInvitation } from "./read-invitations.ts";
import { invitationLinkInput } from "./schema.ts";
import { inInvitedAccount } from "./take-invitation.ts";

/**
 * Mails an invitation once more, to the invited address: for somebody who was given the other link and has to show
 * that the address is theirs. Throws `link-invalid`, `too-many-attempts`.
 */
export const requestInvitationMail = inInvitedAccount(
  command({
    action: "invitations:request-mail",
    input: invitationLinkInput,
    throttle: ({ input, context }) => [...linkLimits({ context }), ["invitation-mail", input.token]],

    async run({ tx, input: { token } }) {
      const link = await findInvitationLink(token, tx);
      const invitation = link && (await readOpenInvitation(tx, link));
      if (!invitation) throw new DomainError("link-invalid");
      await queueEmail(tx, { message: "invitation", invitationId: invitation.id });
      return { invitationId: invitation.id };
    },

    audit: ({ output }) => ({ resourceType: "invitation", resourceId: output.invitationId }),
  }),
);
