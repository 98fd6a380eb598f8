import type { Transaction } from "#app/ports/db.server.ts";
import { openAccount } from "../../accounts/open-account.ts";
import type { Context } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { queueEmail } from "../../mail/queue-email.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { createUser } from "../create-user.ts";
import { addIdentity } from "../providers/add-identity.ts";
import { startSession } from "../sessions/sessions.ts";
import { hashToken } from "../token.ts";

/** The sign-up that a mailed link is for. Throws `link-invalid` where it is unknown, used or too old. */
export async function getSignUp(tx: Transaction, token: string) {
  const signUp = await tx.signUp.findFirst({
    where: { tokenHash: hashToken(token), tokenExpiresAt: { gt: new Date() } },
  });
  if (!signUp) throw new DomainError("link-invalid");
  return signUp;
}

/**
 * Makes the user and the account of a sign-up, and signs the person in. The caller has made sure that who follows the
 * link is who signed up: by the password, or by the identity at a provider, that was given then. The link works once:
 * the row is deleted with the address's other attempts. Throws `link-invalid` for the second of two at once.
 */
export async function completeSignUp(
  tx: Transaction,
  signUp: Awaited<ReturnType<typeof getSignUp>>,
  context: Context,
) {
  const { email, name, passwordHash, locale } = signUp;
  // Two links of one address delete each other's row: one after the other, or each waits for the other.
  await oneAtATime(tx, `sign-up:${email}`);
  // Deleting is what consumes the link: of two requests at once, one deletes a row.
  const consumed = await tx.signUp.deleteMany({ where: { id: signUp.id, tokenHash: signUp.tokenHash } });
  if (consumed.count !== 1) throw new DomainError("link-invalid");

  const user = await createUser(tx, { email, name, passwordHash, locale });
  const { provider, issuer, subject } = signUp;
  if (provider && issuer && subject) {
    await addIdentity(tx, user.id, { provider, issuer, subject, email, emailVerified: true, name });
  }
  await tx.signUp.deleteMany({ where: { email } });
  const account = await openAccount(tx, {
    name: signUp.accountName,
    document: signUp.document,
    ownerId: user.id,
  });
  await queueEmail(tx, { message: "welcome", userId: user.id });
  const session = await startSession(tx, user.id, context);
  return { userId: user.id, accountId: account.id, email, locale, ...session };
}
