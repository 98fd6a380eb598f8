import { db } from "#app/ports/db.server.ts";
import { command } from "../command.ts";
import { DomainError } from "../errors.ts";
import { verifyPassword } from "./password.ts";
import { logInInput } from "./schema.ts";
import { startSession } from "./sessions.ts";

/**
 * Signs a person in with address and password and starts a session. Answers the session's token,
 * which goes into the cookie and nowhere else. Throws `wrong-credentials` for whatever is wrong.
 */
export const logIn = command({
  action: "sessions:create",
  input: logInInput,

  async prepare({ email, password }) {
    const user = await db.user.findUnique({
      where: { email: email.toLowerCase() },
      select: { id: true, passwordHash: true, locale: true, providerRole: true },
    });
    const matches = await verifyPassword(user?.passwordHash ?? null, password);
    return matches ? user : null;
  },

  async run({ tx, prepared: user, context }) {
    if (!user) throw new DomainError("wrong-credentials");
    // Read again: the user may have been disabled while the password was being verified.
    const enabled = await tx.user.count({ where: { id: user.id, disabledAt: null } });
    if (!enabled) throw new DomainError("wrong-credentials");
    const token = await startSession(tx, user.id, context.origin);
    return { userId: user.id, locale: user.locale, providerRole: user.providerRole, token };
  },

  audit: ({ output }) => ({ resourceType: "user", resourceId: output.userId }),
  auditRefusal: ({ email }) => ({ resourceType: "user", personal: { email } }),
});
