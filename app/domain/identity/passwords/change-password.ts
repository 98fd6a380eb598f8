import type { z } from "zod";
import { db } from "#app/ports/db.server.ts";
import { authorize } from "../../authorization.ts";
import { command } from "../../command.ts";
import { type Context, userIdOf } from "../../context.ts";
import { DomainError, InvalidInput } from "../../errors.ts";
import { notify } from "../../notifications/notify.ts";
import { dropEmailChanges } from "../email/drop-email-changes.ts";
import { revokeLinks } from "../link-tokens.ts";
import { endSessions } from "../sessions/sessions.ts";
import { forgetAttempts } from "../throttling/throttle.ts";
import { findPasswordOwner } from "./find-password-owner.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { refuseWeakPassword } from "./refuse-weak-password.ts";
import { changePasswordInput } from "./schema.ts";

/** Whether the caller has a password to change, or sets their first one; and their address, for a password manager. */
export async function readPasswordState(context: Context): Promise<{ email: string; hasPassword: boolean }> {
  authorize(context, "users:change-password");
  const { email, passwordHash } = await db.user.findUniqueOrThrow({
    where: { id: userIdOf(context) },
    select: { email: true, passwordHash: true },
  });
  return { email, hasPassword: passwordHash !== null };
}

const input = changePasswordInput.partial({ currentPassword: true });

/**
 * Gives the caller another password, for the present one (ASVS 6.2.3), or their first one where they sign in by another
 * provider. Their other sessions end, and links mailed before no longer work. Throws `wrong-password` for the field.
 */
export const changePassword = command({
  action: "users:change-password",
  input,
  throttle: ({ context }) => [["reauthentication", attemptsOf(context)]],

  async prepare(posted, context) {
    const owner = await findPasswordOwner(userIdOf(context));
    if (!owner) throw new DomainError("unauthenticated");
    await requireCurrentPassword(posted, owner.passwordHash);
    await forgetAttempts("reauthentication", attemptsOf(context));
    await refuseWeakPassword(posted.newPassword, owner, "newPassword");
    return { before: owner.passwordHash, after: await hashPassword(posted.newPassword) };
  },

  async run({ tx, prepared, context }) {
    const userId = userIdOf(context);
    const { count } = await tx.user.updateMany({
      where: { id: userId, passwordHash: prepared.before },
      data: { passwordHash: prepared.after },
    });
    // Another tab was faster: it is not the password any more that was typed as the present one.
    if (count !== 1) throw new DomainError("conflict");
    await endSessions(tx, userId, context.session?.id);
    await revokeLinks(tx, "password_reset", userId);
    await dropEmailChanges(tx, userId);
    await notify(tx, { kind: "password-changed", userIds: [userId], accountId: null });
    return { userId };
  },

  audit: ({ output }) => ({ resourceType: "user", resourceId: output.userId }),
});

async function requireCurrentPassword(
  { currentPassword, newPassword }: z.output<typeof input>,
  passwordHash: string | null,
): Promise<void> {
  if (passwordHash === null) return;
  const refuse = (field: string, message: string) =>
    new InvalidInput([{ path: [field], message, params: {} }]);
  if (!currentPassword) throw refuse("currentPassword", "required");
  if (!(await verifyPassword(passwordHash, currentPassword))) {
    throw new DomainError("wrong-password", { field: "currentPassword" });
  }
  if (newPassword === currentPassword) throw refuse("newPassword", "passwordUnchanged");
}

/** By session: who has taken one over locks nobody out of the others. */
function attemptsOf({ session }: Pick<Context, "session">): string {
  if (!session) throw new DomainError("unauthenticated");
  return session.id;
}
