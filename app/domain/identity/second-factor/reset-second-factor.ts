import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { notify } from "../../notifications/notify.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { endSessions } from "../sessions/sessions.ts";
import { removeSecondFactor } from "./remove-second-factor.ts";
import { resetSecondFactorInput } from "./schema.ts";

/**
 * An operator takes somebody's second factor away, who has lost it and the recovery codes: ends their sessions and
 * tells them. Throws `own-user` for the operator's own, which is replaced with a code and not reset without one;
 * `not-found` for nobody, `already-done` where there is none.
 */
export const resetSecondFactor = command({
  action: "users:reset-second-factor",
  input: resetSecondFactorInput,

  async run({ tx, input, context }) {
    const { userId } = input;
    if (userId === userIdOf(context)) throw new DomainError("own-user");
    const user = await tx.user.findUnique({ where: { id: userId }, select: { id: true } });
    if (!user) throw new DomainError("not-found");
    await oneAtATime(tx, `second-factor:${userId}`);
    if (!(await removeSecondFactor(tx, userId))) throw new DomainError("already-done");
    const endedSessions = await endSessions(tx, userId);
    await notify(tx, { kind: "second-factor-reset", userIds: [userId], accountId: null });
    return { userId, endedSessions };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { reason: input.reason, endedSessions: output.endedSessions },
  }),
  auditRefusal: ({ userId }) => ({ resourceType: "user", resourceId: userId }),
});
