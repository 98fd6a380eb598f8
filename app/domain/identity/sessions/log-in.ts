import { db } from "#app/ports/db.server.ts";
import { log } from "#app/ports/logger.server.ts";
import { command } from "../../command.ts";
import { type Context, systemContext } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { hashPassword, isOutdated, verifyPassword } from "../passwords/password.ts";
import { logInWithDeviceInput } from "../schema.ts";
import { reportSignInAttack } from "../throttling/report-sign-in-attack.ts";
import { admitSignIn, failuresOfAnAttack, settleSignIn } from "../throttling/sign-in-throttle.ts";
import { startSession } from "./sessions.ts";

/**
 * Signs a person in with address and password and starts a session. Answers the session's token,
 * which goes into the cookie and nowhere else. Throws `wrong-credentials` for whatever is wrong, and
 * `too-many-attempts` and `overloaded` whether or not the address is known.
 */
export const logIn = command({
  action: "sessions:create",
  input: logInWithDeviceInput,

  async prepare(input, context) {
    const email = input.email.toLowerCase();
    const user = await db.user.findUnique({
      where: { email },
      select: { id: true, passwordHash: true, locale: true },
    });
    const device = input.devices.find(({ userId }) => userId === user?.id) ?? null;
    const attempt = { email, address: context.origin.address, device };
    const failures = await admitSignIn(attempt);
    const passwordHash = user?.passwordHash ?? null;
    if (!user || !(await verifyPassword(passwordHash, input.password))) {
      if (user && failures > 0 && failures % failuresOfAnAttack === 0) warnOwner(user.id, context);
      return null;
    }
    await settleSignIn(attempt);
    const isOld = passwordHash !== null && isOutdated(passwordHash);
    const newHash = isOld ? await hashPassword(input.password) : null;
    return { ...user, newHash };
  },

  async run({ tx, prepared: user, context }) {
    if (!user) throw new DomainError("wrong-credentials");
    // Compared again while the row is held: the user may have been disabled meanwhile, or the password reset, which
    // ends the sessions that it finds. Without the lock it would miss this one.
    const { count } = await tx.user.updateMany({
      where: { id: user.id, disabledAt: null, passwordHash: user.passwordHash },
      data: { passwordHash: user.newHash ?? user.passwordHash },
    });
    if (count !== 1) throw new DomainError("wrong-credentials");
    const session = await startSession(tx, user.id, context);
    return { userId: user.id, locale: user.locale, ...session };
  },

  audit: ({ output }) => ({ resourceType: "user", resourceId: output.userId }),
  auditRefusal: ({ email }) => ({ resourceType: "user", personal: { email } }),
});

/** Not waited for: an unknown address has no owner to tell, and the answer must not show that by its time. */
function warnOwner(userId: string, { origin }: Context): void {
  reportSignInAttack(systemContext("sign-in", null, origin.requestId), { userId }).catch((error: unknown) =>
    log.error({ err: error, userId }, "the owner could not be told of an attack on their password"),
  );
}
