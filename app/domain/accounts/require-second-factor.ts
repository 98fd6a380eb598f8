import { command } from "../command.ts";
import { accountIdOf, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { requireSecondFactorInput } from "./schema.ts";

/**
 * Asks all members of the account for a second factor, or leaves it to each of them. Who has none is let in from then on
 * only to set one up. Throws `second-factor-required` for an owner who has none: the next page would shut them out.
 */
export const requireSecondFactor = command({
  action: "accounts:require-second-factor",
  input: requireSecondFactorInput,

  async run({ tx, input, context }) {
    const id = accountIdOf(context);
    const required = input.secondFactor === "required";
    const own = await tx.secondFactor.count({
      where: { userId: userIdOf(context), confirmedAt: { not: null } },
    });
    if (required && own === 0) throw new DomainError("second-factor-required");
    const { count } = await tx.account.updateMany({
      where: { id, requireSecondFactor: !required },
      data: { requireSecondFactor: required },
    });
    return { id, required, changed: count === 1 };
  },

  audit: ({ output }) => ({
    resourceType: "account",
    resourceId: output.id,
    details: { requireSecondFactor: output.required, changed: output.changed },
  }),
});
