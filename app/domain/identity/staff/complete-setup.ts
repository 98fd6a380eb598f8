import { command } from "../../command.ts";
import { DomainError } from "../../errors.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { hashPassword } from "../passwords/password.ts";
import { refuseWeakPassword } from "../passwords/refuse-weak-password.ts";
import { completeSetupInput } from "../schema.ts";
import { startSession } from "../sessions/sessions.ts";
import { linkLimits } from "../throttling/link-throttle.ts";
import { hashToken } from "../token.ts";
import { isSetupTokenValid } from "./setup-token.ts";

/**
 * Makes the first operator with the one-time link that the start printed, and signs them in. There is
 * no default account; the link dies when used, and none works once an operator exists.
 */
export const completeSetup = command({
  action: "setup:complete",
  input: completeSetupInput,
  throttle: linkLimits,
  conflicts: { user_email_key: { code: "email-taken", field: "email" } },

  async prepare({ token, password, name, email }) {
    if (!(await isSetupTokenValid(token))) throw new DomainError("link-invalid");
    await refuseWeakPassword(password, { name, email });
    return hashPassword(password);
  },

  async run({ tx, input, prepared: passwordHash, context }) {
    // Two links at once would both find no operator.
    await oneAtATime(tx, "first-operator");
    const used = await tx.setupToken.updateMany({
      where: { tokenHash: hashToken(input.token), usedAt: null, expiresAt: { gt: new Date() } },
      data: { usedAt: new Date() },
    });
    const operators = await tx.user.count({ where: { providerRole: "operator" } });
    if (used.count !== 1 || operators > 0) throw new DomainError("link-invalid");
    const { name, email } = input;
    const user = await tx.user.create({
      data: { name, email, passwordHash, locale: context.locale, providerRole: "operator" },
    });
    const session = await startSession(tx, user.id, context);
    return { userId: user.id, locale: user.locale, ...session };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { providerRole: "operator" },
    personal: { email: input.email, name: input.name },
  }),
});
