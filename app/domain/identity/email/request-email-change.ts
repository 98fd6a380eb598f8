import { db } from "#app/ports/db.server.ts";
import { authorize } from "../../authorization.ts";
import { command } from "../../command.ts";
import { type Context, userIdOf } from "../../context.ts";
import { InvalidInput } from "../../errors.ts";
import { queueEmail } from "../../mail/queue-email.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { linkHours } from "../link-tokens.ts";
import { dropEmailChanges } from "./drop-email-changes.ts";
import { requestEmailChangeInput } from "./schema.ts";

const hourMs = 3_600_000;

/** The caller's address, and the one that waits to be confirmed, if any. */
export async function readEmailState(
  context: Context,
): Promise<{ email: string; waitingFor: string | null }> {
  authorize(context, "users:request-email-change");
  const since = new Date(Date.now() - linkHours.email_change * hourMs);
  const { email, emailChanges } = await db.user.findUniqueOrThrow({
    where: { id: userIdOf(context) },
    select: {
      email: true,
      emailChanges: {
        where: { confirmedAt: null, createdAt: { gt: since } },
        orderBy: { createdAt: "desc" },
        take: 1,
        select: { newEmail: true },
      },
    },
  });
  return { email, waitingFor: emailChanges[0]?.newEmail ?? null };
}

/**
 * Mails a link to the new address, which takes the old one's place when it is followed. Where somebody else has the
 * address already, that person is told by mail instead, and everything that the caller sees is the same: who has an
 * address is nobody's business. A change that was asked for before is forgotten.
 */
export const requestEmailChange = command({
  action: "users:request-email-change",
  input: requestEmailChangeInput,
  throttle: ({ context }) => [["email-change", userIdOf(context)]],

  async run({ tx, input, context }) {
    const userId = userIdOf(context);
    // Two at once would each leave the other's in force.
    await oneAtATime(tx, `email-change:${userId}`);
    const user = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
    if (user.email === input.email) {
      throw new InvalidInput([{ path: ["email"], message: "emailUnchanged", params: {} }]);
    }
    await dropEmailChanges(tx, userId);
    const { id: emailChangeId } = await tx.emailChange.create({
      data: { userId, oldEmail: user.email, newEmail: input.email },
    });
    const holder = await tx.user.findUnique({ where: { email: input.email }, select: { id: true } });
    await queueEmail(
      tx,
      holder ? { message: "sign-up-attempt", userId: holder.id } : { message: "email-change", emailChangeId },
    );
    return { emailChangeId };
  },

  audit: ({ input, output, context }) => ({
    resourceType: "user",
    resourceId: userIdOf(context),
    details: { emailChangeId: output.emailChangeId },
    personal: { newEmail: input.email },
  }),
});
