import { authorize } from "../authorization.ts";
import { command } from "../command.ts";
import { accountIdOf, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { requireRoomForMember } from "./require-room.ts";
import { inviteMemberInput } from "./schema.ts";
import { makeInvitation } from "./send-invitation.ts";

/**
 * Invites somebody into the account, by mail and by a link that the answer shows once. Inviting an owner asks for the
 * same fresh proof as handing the account over. Throws `already-member`, `already-invited`, `quota-exceeded`,
 * `too-many-attempts`.
 */
export const inviteMember = command({
  action: "invitations:create",
  input: inviteMemberInput,
  // Each is a mail to somebody who did not ask for it.
  throttle: ({ context }) => [
    ["invitations", accountIdOf(context)],
    ["invitations-user", userIdOf(context)],
  ],
  conflicts: { invitation_pending_key: { code: "already-invited", field: "email" } },

  async run({ tx, input: { email, role }, context }) {
    if (role === "owner") authorize(context, "members:transfer-ownership");
    const accountId = accountIdOf(context);
    const members = await tx.member.count({ where: { accountId, user: { email } } });
    if (members > 0) throw new DomainError("already-member", { field: "email" });
    await requireRoomForMember(tx, accountId);
    return makeInvitation(tx, context, { accountId, email, role });
  },

  audit: ({ input, output }) => ({
    resourceType: "invitation",
    resourceId: output.id,
    details: { role: input.role },
    personal: { email: input.email },
  }),
});
