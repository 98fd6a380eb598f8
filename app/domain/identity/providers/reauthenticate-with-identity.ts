import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { startSession } from "../sessions/sessions.ts";
import { identityInput } from "./schema.ts";

/**
 * Proves again, at a provider, that it is the person who is signed in. The session begins anew, so that a second factor
 * is asked for as at any sign-in. Throws `wrong-identity` where the provider answers with somebody else's.
 */
export const reauthenticateWithIdentity = command({
  action: "sessions:reauthenticate",
  input: identityInput,

  async run({ tx, input: { issuer, subject }, context }) {
    const userId = userIdOf(context);
    const identity = await tx.identity.findUnique({
      where: { issuer_subject: { issuer, subject } },
      select: { userId: true, user: { select: { locale: true } } },
    });
    if (identity?.userId !== userId) throw new DomainError("wrong-identity");
    await tx.identity.updateMany({ where: { issuer, subject }, data: { lastUsedAt: new Date() } });
    const session = await startSession(tx, userId, context);
    return { userId, locale: identity.user.locale, ...session };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { provider: input.provider },
  }),
});
