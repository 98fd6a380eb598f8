import { command } from "../../command.ts";
import { DomainError } from "../../errors.ts";
import { notify } from "../../notifications/notify.ts";
import { dropEmailChanges } from "../email/drop-email-changes.ts";
import { consumeLinkToken, findLinkSubject } from "../link-tokens.ts";
import { endSessions, startSession } from "../sessions/sessions.ts";
import { linkLimits } from "../throttling/link-throttle.ts";
import { findPasswordOwner } from "./find-password-owner.ts";
import { hashPassword } from "./password.ts";
import { refuseWeakPassword } from "./refuse-weak-password.ts";
import { resetPasswordInput } from "./schema.ts";

/** Whose password a mailed link resets; null where it no longer works. Changes nothing. */
export async function findPasswordReset(token: string): Promise<{ email: string } | null> {
  const userId = await findLinkSubject("password_reset", token);
  const owner = userId ? await findPasswordOwner(userId) : null;
  return owner && { email: owner.email };
}

/**
 * Sets a new password by a mailed link, which works once, and signs the person in; where they have a second factor it
 * is due, as at every sign-in (ASVS 6.4.3). Whoever was signed in as them is so no longer, and neither an older link
 * nor a change of address that was asked for before counts any more.
 *
 * Throws `link-invalid`; a password that is refused leaves the link as it was.
 */
export const resetPassword = command({
  action: "users:reset-password",
  input: resetPasswordInput,
  throttle: linkLimits,

  async prepare({ token, password }) {
    const userId = await findLinkSubject("password_reset", token);
    const owner = userId ? await findPasswordOwner(userId) : null;
    if (!owner) throw new DomainError("link-invalid");
    await refuseWeakPassword(password, owner);
    return hashPassword(password);
  },

  async run({ tx, input, prepared: passwordHash, context }) {
    const userId = await consumeLinkToken(tx, "password_reset", input.token);
    if (!userId) throw new DomainError("link-invalid");
    const [user] = await tx.user.updateManyAndReturn({
      where: { id: userId, disabledAt: null },
      data: { passwordHash },
      select: { locale: true },
    });
    if (!user) throw new DomainError("link-invalid");
    await endSessions(tx, userId);
    await dropEmailChanges(tx, userId);
    await notify(tx, { kind: "password-changed", userIds: [userId], accountId: null });
    const session = await startSession(tx, userId, context);
    return { userId, locale: user.locale, ...session };
  },

  audit: ({ output }) => ({ resourceType: "user", resourceId: output.userId }),
});
