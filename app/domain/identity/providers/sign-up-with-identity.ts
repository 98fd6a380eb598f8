import { openAccount } from "../../accounts/open-account.ts";
import { command } from "../../command.ts";
import { queueEmail } from "../../mail/queue-email.ts";
import { createUser } from "../create-user.ts";
import { startSession } from "../sessions/sessions.ts";
import { networkOf } from "../throttling/network.ts";
import { addIdentity } from "./add-identity.ts";
import { provenEmail } from "./providers.ts";
import { signUpWithIdentityInput } from "./schema.ts";

/**
 * Takes the sign-up of somebody who came from a provider. Where the provider proves the address, user and account come
 * into being at once, and the answer is a session. Any other address is confirmed by mail, like every sign-up's, with
 * the same answer whether or not it has a user already; then that user is told by mail instead.
 */
export const signUpWithIdentity = command({
  action: "sign-ups:create",
  input: signUpWithIdentityInput,
  conflicts: { user_email_key: { code: "email-taken", field: "email" } },

  // Each may be a mail to an address that is somebody else's.
  throttle: ({ input, context }) => [
    ["sign-up", input.email],
    ["sign-up-network", networkOf(context.origin.address)],
  ],

  async run({ tx, input, context }) {
    const { name, accountName, document, identity } = input;
    const proven = provenEmail(identity);
    if (proven !== null && proven === input.email) {
      const user = await createUser(tx, {
        email: proven,
        name,
        passwordHash: null,
        locale: context.locale,
      });
      await addIdentity(tx, user.id, identity);
      await openAccount(tx, { name: accountName, document, ownerId: user.id });
      await tx.signUp.deleteMany({ where: { email: proven } });
      await queueEmail(tx, { message: "welcome", userId: user.id });
      const session = await startSession(tx, user.id, context);
      return { session: { userId: user.id, locale: user.locale, ...session } };
    }

    const { email } = input;
    const holder = await tx.user.findUnique({ where: { email }, select: { id: true } });
    if (holder) {
      await queueEmail(tx, { message: "sign-up-attempt", userId: holder.id });
      return { session: null };
    }
    const { provider, issuer, subject } = identity;
    const { id } = await tx.signUp.create({
      data: { name, email, provider, issuer, subject, accountName, document, locale: context.locale },
    });
    await queueEmail(tx, { message: "verify-email", signUpId: id });
    return { session: null };
  },

  audit: ({ input, output }) => ({
    ...(output.session
      ? { resourceType: "user", resourceId: output.session.userId }
      : { resourceType: "sign-up" }),
    details: { provider: input.identity.provider },
    personal: { email: input.email },
  }),
});
