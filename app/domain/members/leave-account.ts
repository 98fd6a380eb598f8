import { command } from "../command.ts";
import { accountIdOf, userIdOf } from "../context.ts";
import { announceLeaving, endMembership } from "./end-membership.ts";
import { leaveAccountInput } from "./schema.ts";

/** Ends the caller's own membership. Access keys that they made go on working. Throws `last-owner`. */
export const leaveAccount = command({
  action: "members:leave",
  input: leaveAccountInput,

  async run({ tx, context }) {
    const accountId = accountIdOf(context);
    const userId = userIdOf(context);
    const { role } = await endMembership(tx, { accountId, userId });
    const { name } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { name: true } });
    await announceLeaving(tx, accountId, name);
    const account = await tx.account.findUniqueOrThrow({ where: { id: accountId }, select: { name: true } });
    return { userId, role, accountName: account.name };
  },

  audit: ({ output: { userId, role } }) => ({
    resourceType: "user",
    resourceId: userId,
    details: { before: { role }, after: { role: null } },
  }),
});
