import { command } from "../command.ts";
import { DomainError } from "../errors.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { hashPassword } from "./password.ts";
import { completeSetupInput } from "./schema.ts";
import { startSession } from "./sessions.ts";
import { hashToken } from "./token.ts";

/**
 * Makes the first operator with the one-time link that the start printed, and signs them in. There is
 * no default account; the link dies when used, and none works once an operator exists.
 */
export const completeSetup = command({
  action: "setup:complete",
  input: completeSetupInput,
  conflicts: { user_email_key: { code: "email-taken", field: "email" } },
  prepare: ({ password }) => hashPassword(password),

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
    const token = await startSession(tx, user.id, context.origin);
    return { userId: user.id, token };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { providerRole: "operator" },
    personal: { email: input.email, name: input.name },
  }),
});
