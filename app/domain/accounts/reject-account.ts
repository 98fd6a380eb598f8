import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { listOwners } from "../members/read-members.ts";
import { notify } from "../notifications/notify.ts";
import { rejectAccountInput } from "./schema.ts";

/** Rejects a pending account with a cause and a reason, which its owner reads on the page and by mail. */
export const rejectAccount = command({
  action: "accounts:reject",
  input: rejectAccountInput,

  async run({ tx, input, context }) {
    const id = accountIdOf(context);
    const { count } = await tx.account.updateMany({
      where: { id, state: "pending" },
      data: {
        state: "rejected",
        rejectedAt: new Date(),
        rejectionCause: input.cause,
        rejectionReason: input.reason,
      },
    });
    if (count !== 1) throw new DomainError("already-decided");
    await notify(tx, { kind: "account-rejected", userIds: await listOwners(tx, id), accountId: id });
    return { id };
  },

  audit: ({ input, output }) => ({
    resourceType: "account",
    resourceId: output.id,
    details: {
      before: { state: "pending" },
      after: { state: "rejected" },
      cause: input.cause,
      reason: input.reason,
    },
  }),
});
