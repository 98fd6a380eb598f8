import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";
import { hashPassword } from "./password.ts";
import { signUpInput } from "./schema.ts";

/**
 * Takes a sign-up and mails a link that confirms it. Nothing is claimed before the link is followed,
 * and the answer is the same whether or not the address has a user already: then that user is told
 * by mail instead. The password is hashed either way, so that the time is the same too.
 */
export const signUp = command({
  action: "sign-ups:create",
  input: signUpInput,
  prepare: ({ password }) => hashPassword(password),

  async run({ tx, input, prepared: passwordHash, context }) {
    const { name, email, accountName, document } = input;
    const user = await tx.user.findUnique({ where: { email }, select: { id: true } });
    if (user) {
      await enqueue(tx, "send-email", { message: "sign-up-attempt", userId: user.id });
      return { email };
    }
    const { id } = await tx.signUp.create({
      data: { name, email, passwordHash, accountName, document, locale: context.locale },
    });
    await enqueue(tx, "send-email", { message: "verify-email", signUpId: id });
    return { email };
  },

  audit: ({ input }) => ({ resourceType: "sign-up", personal: { email: input.email } }),
});
