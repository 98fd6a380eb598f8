import { db } from "#app/ports/db.server.ts";
import { command } from "../../command.ts";
import { DomainError } from "../../errors.ts";
import { verifyPassword } from "../passwords/password.ts";
import { confirmSignUpInput } from "../schema.ts";
import { linkLimits } from "../throttling/link-throttle.ts";
import { hashToken } from "../token.ts";
import { completeSignUp, getSignUp } from "./complete-sign-up.ts";

/**
 * Makes the user and the account of a sign-up whose link was followed, and signs the person in. The
 * link works once.
 *
 * The password chosen at sign-up is asked for: a stranger may have filled in the form with somebody
 * else's address, and who confirms that by its link would otherwise own a user whose password the
 * stranger knows. Throws `wrong-password`, which leaves the link as it was.
 */
export const confirmSignUp = command({
  action: "sign-ups:confirm",
  input: confirmSignUpInput,
  throttle: linkLimits,
  // Two sign-ups for one address, both confirmed: the first has the address.
  conflicts: { user_email_key: { code: "link-invalid" } },

  async prepare({ token, password }) {
    const signUp = await db.signUp.findUnique({
      where: { tokenHash: hashToken(token) },
      select: { passwordHash: true },
    });
    return { passwordMatches: signUp !== null && (await verifyPassword(signUp.passwordHash, password)) };
  },

  async run({ tx, input, prepared, context }) {
    const signUp = await getSignUp(tx, input.token);
    if (!prepared.passwordMatches) throw new DomainError("wrong-password", { field: "password" });
    return completeSignUp(tx, signUp, context);
  },

  audit: ({ output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { accountId: output.accountId },
    personal: { email: output.email },
  }),
});
