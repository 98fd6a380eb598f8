import { revokeKeysOf } from "../access-keys/revoke-keys-of.ts";
import { authorize } from "../authorization.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { endMembership } from "../members/end-membership.ts";
import { requireStillOwner } from "../members/last-owner.ts";
import { removeMemberInput } from "../members/schema.ts";
import { notify } from "../notifications/notify.ts";

/**
 * Takes somebody out of the account, and where that was asked for begins to revoke the access keys that they made: jobs
 * tell the engine. They are told. Throws `last-owner`.
 */
export const removeMember = command({
  action: "members:remove",
  input: removeMemberInput,

  async run({ tx, input: { id, revokeKeys }, context }) {
    const accountId = accountIdOf(context);
    await requireStillOwner(tx, context);
    const member = await tx.member.findFirst({
      where: { id, accountId },
      select: { userId: true, user: { select: { name: true } } },
    });
    if (!member) throw new DomainError("not-found");
    const { userId } = member;
    const { role } = await endMembership(tx, { accountId, userId });
    if (revokeKeys) authorize(context, "access-keys:revoke");
    const revokedKeyIds = revokeKeys ? await revokeKeysOf(tx, accountId, userId) : [];
    await notify(tx, { kind: "member-removed", userIds: [userId], accountId });
    return { userId, name: member.user.name, role, revokedKeyIds };
  },

  audit: ({ input, output: { userId, role, revokedKeyIds } }) => ({
    resourceType: "member",
    resourceId: input.id,
    details: { userId, revokedKeyIds, before: { role }, after: { role: null } },
  }),
});
