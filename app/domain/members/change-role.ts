import { authorize } from "../authorization.ts";
import { command } from "../command.ts";
import { accountIdOf, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { notify } from "../notifications/notify.ts";
import { refuseLastOwner, requireStillOwner } from "./last-owner.ts";
import { changeRoleInput } from "./schema.ts";

/**
 * Gives a member another role; it counts from their next request on. Making somebody an owner asks for the same fresh
 * proof as handing the account over, or this would be the way around it. Throws `last-owner`.
 */
export const changeRole = command({
  action: "members:change-role",
  input: changeRoleInput,

  async run({ tx, input: { id, role }, context }) {
    const accountId = accountIdOf(context);
    if (role === "owner") authorize(context, "members:transfer-ownership");
    await requireStillOwner(tx, context);
    const member = await tx.member.findFirst({
      where: { id, accountId },
      select: { userId: true, role: true, user: { select: { name: true } } },
    });
    if (!member) throw new DomainError("not-found");
    const { userId, role: before } = member;
    const isOwn = userId === userIdOf(context);
    const output = { userId, name: member.user.name, isOwn, before, role };
    if (before === role) return output;
    if (role !== "owner") await refuseLastOwner(tx, accountId, userId);
    await tx.member.updateMany({ where: { id, accountId }, data: { role } });
    await notify(tx, { kind: "role-changed", userIds: isOwn ? [] : [userId], accountId, data: { role } });
    return output;
  },

  audit: ({ input, output: { userId, before, role } }) => ({
    resourceType: "member",
    resourceId: input.id,
    details: { userId, before: { role: before }, after: { role } },
  }),
});
