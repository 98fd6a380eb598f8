import { openAccount } from "../accounts/open-account.ts";
import { command } from "../command.ts";
import { DomainError } from "../errors.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { confirmSignUpInput } from "./schema.ts";
import { hashToken } from "./token.ts";

/**
 * Makes the user and the account of a sign-up whose link was followed. The link works once: the row
 * is deleted with its other attempts for the same address.
 */
export const confirmSignUp = command({
  action: "sign-ups:confirm",
  input: confirmSignUpInput,
  // Two sign-ups for one address, both confirmed: the first has the address.
  conflicts: { user_email_key: { code: "link-invalid" } },

  async run({ tx, input }) {
    const tokenHash = hashToken(input.token);
    const [signUp] = await tx.signUp.findMany({
      where: { tokenHash, tokenExpiresAt: { gt: new Date() } },
      take: 1,
    });
    // Two links of one address delete each other's row: one after the other, or each waits for the other.
    if (signUp) await oneAtATime(tx, `sign-up:${signUp.email}`);
    // Deleting is what consumes the link: of two requests at once, one deletes a row.
    const consumed = await tx.signUp.deleteMany({ where: { tokenHash } });
    if (!signUp || consumed.count !== 1) throw new DomainError("link-invalid");

    const { email, name, passwordHash, locale } = signUp;
    const user = await tx.user.create({ data: { email, name, passwordHash, locale } });
    await tx.signUp.deleteMany({ where: { email } });
    const account = await openAccount(tx, {
      name: signUp.accountName,
      document: signUp.document,
      ownerId: user.id,
    });
    return { userId: user.id, accountId: account.id, email };
  },

  audit: ({ output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { accountId: output.accountId },
    personal: { email: output.email },
  }),
});
