import { command } from "../../command.ts";
import { queueEmail } from "../../mail/queue-email.ts";
import { networkOf } from "../throttling/network.ts";
import { requestPasswordResetInput } from "./schema.ts";

/**
 * Mails a link to choose a new password, where the address has a user; the answer is the same where it has none.
 *
 * Who signs in by another provider and has no password gets one, too: it lets them in when that provider is gone, and
 * holds no less than their sign-up did, since the address was confirmed. The second factor is asked for in any case.
 */
export const requestPasswordReset = command({
  action: "users:request-password-reset",
  input: requestPasswordResetInput,
  throttle: ({ input, context }) => [
    ["password-reset", input.email],
    ["password-reset-network", networkOf(context.origin.address)],
  ],

  async run({ tx, input: { email } }) {
    const user = await tx.user.findFirst({ where: { email, disabledAt: null }, select: { id: true } });
    if (user) await queueEmail(tx, { message: "password-reset", userId: user.id });
    return { userId: user?.id ?? null };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    ...(output.userId ? { resourceId: output.userId } : {}),
    personal: { email: input.email },
  }),
});
