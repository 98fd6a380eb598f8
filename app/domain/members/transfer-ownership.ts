import { command } from "../command.ts";
import { accountIdOf, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { notify } from "../notifications/notify.ts";
import { requireStillOwner } from "./last-owner.ts";
import { listOwners } from "./read-members.ts";
import { transferOwnershipInput } from "./schema.ts";

/**
 * Makes another member an owner; the caller stays one beside them or becomes an administrator. Owners before and after
 * are told, the caller too. Throws `already-done` for who is an owner, `last-owner` for who is disabled and could
 * not act as one.
 */
export const transferOwnership = command({
  action: "members:transfer-ownership",
  input: transferOwnershipInput,

  async run({ tx, input: { id, ownRole }, context }) {
    const accountId = accountIdOf(context);
    await requireStillOwner(tx, context);
    const member = await tx.member.findFirst({
      where: { id, accountId },
      select: { userId: true, role: true, user: { select: { name: true, disabledAt: true } } },
    });
    if (!member) throw new DomainError("not-found");
    const { userId, role: before, user } = member;
    if (before === "owner") throw new DomainError("already-done");
    if (user.disabledAt) throw new DomainError("last-owner");
    const owners = await listOwners(tx, accountId);
    await tx.member.updateMany({ where: { id, accountId }, data: { role: "owner" } });
    await tx.member.updateMany({
      where: { accountId, userId: userIdOf(context) },
      data: { role: ownRole },
    });
    await notify(tx, {
      kind: "ownership-transferred",
      userIds: [...owners, userId],
      accountId,
      data: { name: user.name },
    });
    return { userId, name: user.name, before, ownRole };
  },

  audit: ({ input, output: { userId, before } }) => ({
    resourceType: "member",
    resourceId: input.id,
    details: {
      userId,
      before: { role: before, ownRole: "owner" },
      after: { role: "owner", ownRole: input.ownRole },
    },
  }),
});
