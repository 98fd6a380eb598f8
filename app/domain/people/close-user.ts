import { erasePersonalValues } from "../audit/personal-values.ts";
import { command } from "../command.ts";
import { userIdOf } from "../context.ts";
import { DomainError, InvalidInput } from "../errors.ts";
import { forgetUser } from "../identity/profile/forget-user.ts";
import { refuseLastOperator } from "../identity/staff/last-operator.ts";
import { forgetInvited } from "../invitations/forget-invited.ts";
import { endMemberships } from "../members/end-membership.ts";
import { listSoleOwnerships } from "../members/last-owner.ts";
import { forgetNotifications } from "../notifications/forget-notifications.ts";
import { closeUserInput } from "./schema.ts";

/**
 * The caller goes for good (LGPD, art. 18, VI). What names them is removed or gets a pseudonym; what they made for
 * accounts stays theirs, and so do fiscal records and what the audit log says was done (art. 16, I).
 *
 * Throws `last-owner` where an account would be left without one, `last-operator`, `already-done`, and InvalidInput
 * where the address that was typed to confirm is not theirs.
 */
export const closeUser = command({
  action: "users:close-own",
  input: closeUserInput,

  async run({ tx, input, context }) {
    const userId = userIdOf(context);
    // Before anything is changed: both wait for others who are about to go.
    await refuseLastOperator(tx, userId);
    const needed = await listSoleOwnerships(tx, userId);
    if (needed.length > 0) throw new DomainError("last-owner");

    const { name, email, closedAt } = await tx.user.findUniqueOrThrow({
      where: { id: userId },
      select: { name: true, email: true, closedAt: true },
    });
    if (closedAt) throw new DomainError("already-done");
    if (input.email !== email) {
      throw new InvalidInput([{ path: ["email"], message: "ownEmailMismatch", params: {} }]);
    }
    const { emails } = await forgetUser(tx, userId);
    await endMemberships(tx, { id: userId, name });
    await forgetInvited(tx, { userId, emails });
    await forgetNotifications(tx, userId);
    await erasePersonalValues(tx, { userId, emails });
    return { userId };
  },

  audit: ({ output }) => ({ resourceType: "user", resourceId: output.userId }),
});
