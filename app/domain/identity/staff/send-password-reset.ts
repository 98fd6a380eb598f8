import { command } from "../../command.ts";
import { DomainError } from "../../errors.ts";
import { queueEmail } from "../../mail/queue-email.ts";
import { sendPasswordResetInput } from "./schema.ts";

/**
 * Mails somebody the link with which they choose a new password, as if they had asked for it: the operator sees
 * neither link nor password. Throws `user-disabled` for who could do nothing with it.
 */
export const sendPasswordReset = command({
  action: "users:send-password-reset",
  input: sendPasswordResetInput,

  async run({ tx, input }) {
    const id = input.userId;
    const enabled = await tx.user.count({ where: { id, disabledAt: null } });
    if (!enabled) throw new DomainError("user-disabled");
    await queueEmail(tx, { message: "password-reset", userId: id });
    return { id };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: output.id,
    details: { reason: input.reason },
  }),
});
