import { command } from "../../command.ts";
import { queueEmail } from "../../mail/queue-email.ts";
import { hashPassword } from "../passwords/password.ts";
import { refuseWeakPassword } from "../passwords/refuse-weak-password.ts";
import { signUpInput } from "../schema.ts";
import { networkOf } from "../throttling/network.ts";

/**
 * Takes a sign-up and mails a link that confirms it. Nothing is claimed before the link is followed,
 * and the answer is the same whether or not the address has a user already: then that user is told
 * by mail instead. The password is hashed either way, so that the time is the same too.
 */
export const signUp = command({
  action: "sign-ups:create",
  input: signUpInput,
  // Each is a mail to an address that may be somebody else's.
  throttle: ({ input, context }) => [
    ["sign-up", input.email],
    ["sign-up-network", networkOf(context.origin.address)],
  ],

  async prepare({ password, email, name, accountName }) {
    await refuseWeakPassword(password, { email, name, accountNames: [accountName] });
    return hashPassword(password);
  },

  async run({ tx, input, prepared: passwordHash, context }) {
    const { name, email, accountName, document } = input;
    const user = await tx.user.findUnique({ where: { email }, select: { id: true } });
    if (user) {
      await queueEmail(tx, { message: "sign-up-attempt", userId: user.id });
      return { email };
    }
    const { id } = await tx.signUp.create({
      data: { name, email, passwordHash, accountName, document, locale: context.locale },
    });
    await queueEmail(tx, { message: "verify-email", signUpId: id });
    return { email };
  },

  audit: ({ input }) => ({ resourceType: "sign-up", personal: { email: input.email } }),
});
