import { db } from "#app/ports/db.server.ts";
import { command } from "../../command.ts";
import { type Context, userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { queueEmail } from "../../mail/queue-email.ts";
import { consumeLinkToken, findLinkSubject, revokeLinks } from "../link-tokens.ts";
import { endSessions } from "../sessions/sessions.ts";
import { confirmEmailChangeInput } from "./schema.ts";

/**
 * What a mailed link would change. Throws `link-invalid`, and `unauthenticated` for a stranger: an address with a slip
 * in it may be somebody else's mailbox, and whoever reads it must not be able to take the user over by its link alone.
 */
export async function getEmailChange(
  context: Context,
  token: string,
): Promise<{ oldEmail: string; newEmail: string }> {
  const id = await findLinkSubject("email_change", token);
  if (!id) throw new DomainError("link-invalid");
  const userId = userIdOf(context);
  const change = await db.emailChange.findFirst({
    where: { id, userId, confirmedAt: null },
    select: { oldEmail: true, newEmail: true },
  });
  if (!change) throw new DomainError("link-invalid");
  return change;
}

/**
 * Puts the new address in the place of the old one, by the mailed link and signed in as the person who asked for it.
 * The old address is told; their other sessions end, and links to reset the password, which went to the old address,
 * work no more.
 *
 * Throws `link-invalid`, also where somebody else was given the address meanwhile.
 */
export const confirmEmailChange = command({
  action: "users:confirm-email-change",
  input: confirmEmailChangeInput,
  conflicts: { user_email_key: { code: "link-invalid" } },

  async run({ tx, input, context }) {
    const emailChangeId = await consumeLinkToken(tx, "email_change", input.token);
    if (!emailChangeId) throw new DomainError("link-invalid");
    const userId = userIdOf(context);
    const [change] = await tx.emailChange.updateManyAndReturn({
      where: { id: emailChangeId, userId, confirmedAt: null },
      data: { confirmedAt: new Date() },
      select: { oldEmail: true, newEmail: true },
    });
    if (!change) throw new DomainError("link-invalid");
    const { count } = await tx.user.updateMany({
      where: { id: userId, email: change.oldEmail, disabledAt: null },
      data: { email: change.newEmail },
    });
    if (count !== 1) throw new DomainError("link-invalid");
    // Sign-ups for the address, of this person or of a stranger, can no longer be confirmed.
    await tx.signUp.deleteMany({ where: { email: change.newEmail } });
    await revokeLinks(tx, "password_reset", userId);
    await endSessions(tx, userId, context.session?.id);
    await queueEmail(tx, { message: "email-changed", emailChangeId });
    return { userId, emailChangeId, ...change };
  },

  audit: ({ output: { userId, emailChangeId, oldEmail, newEmail } }) => ({
    resourceType: "user",
    resourceId: userId,
    details: { emailChangeId },
    personal: { oldEmail, newEmail },
  }),
});
