import { db } from "#app/ports/db.server.ts";
import { openAccount } from "../accounts/open-account.ts";
import { command } from "../command.ts";
import { DomainError } from "../errors.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { verifyPassword } from "./password.ts";
import { confirmSignUpInput } from "./schema.ts";
import { startSession } from "./sessions.ts";
import { hashToken } from "./token.ts";

/**
 * Makes the user and the account of a sign-up whose link was followed, and signs the person in. The
 * link works once: the row is deleted with the address's other attempts.
 *
 * The password chosen at sign-up is asked for: a stranger may have filled in the form with somebody
 * else's address, and who confirms that by its link would otherwise own a user whose password the
 * stranger knows. Throws `wrong-password`, which leaves the link as it was.
 */
export const confirmSignUp = command({
  action: "sign-ups:confirm",
  input: confirmSignUpInput,
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
    const tokenHash = hashToken(input.token);
    const [signUp] = await tx.signUp.findMany({
      where: { tokenHash, tokenExpiresAt: { gt: new Date() } },
      take: 1,
    });
    if (!signUp) throw new DomainError("link-invalid");
    if (!prepared.passwordMatches) throw new DomainError("wrong-password", { field: "password" });
    // Two links of one address delete each other's row: one after the other, or each waits for the other.
    await oneAtATime(tx, `sign-up:${signUp.email}`);
    // Deleting is what consumes the link: of two requests at once, one deletes a row.
    const consumed = await tx.signUp.deleteMany({ where: { tokenHash } });
    if (consumed.count !== 1) throw new DomainError("link-invalid");

    const { email, name, passwordHash, locale } = signUp;
    const user = await tx.user.create({ data: { email, name, passwordHash, locale } });
    await tx.signUp.deleteMany({ where: { email } });
    const account = await openAccount(tx, {
      name: signUp.accountName,
      document: signUp.document,
      ownerId: user.id,
    });
    const token = await startSession(tx, user.id, context.origin);
    return { userId: user.id, accountId: account.id, email, locale, token };
  },

  audit: ({ output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { accountId: output.accountId },
    personal: { email: output.email },
  }),
});
