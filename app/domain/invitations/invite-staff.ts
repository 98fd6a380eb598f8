import { command } from "../command.ts";
import { DomainError } from "../errors.ts";
import { inviteStaffInput } from "./schema.ts";
import { makeInvitation } from "./send-invitation.ts";

/**
 * Invites somebody to the provider's staff, by mail and by a link that the answer shows once. Throws `already-member`
 * for who has a role there, `already-invited`, `too-many-attempts`.
 */
export const inviteStaff = command({
  action: "staff-invitations:create",
  input: inviteStaffInput,
  throttle: () => [["invitations", "staff"]],
  conflicts: { invitation_pending_key: { code: "already-invited", field: "email" } },

  async run({ tx, input: { email, providerRole }, context }) {
    const staff = await tx.user.count({ where: { email, providerRole: { not: null } } });
    if (staff > 0) throw new DomainError("already-member", { field: "email" });
    return makeInvitation(tx, context, { accountId: null, email, providerRole });
  },

  audit: ({ input, output }) => ({
    resourceType: "invitation",
    resourceId: output.id,
    details: { providerRole: input.providerRole },
    personal: { email: input.email },
  }),
});
