import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { notify } from "../../notifications/notify.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { endSessions } from "../sessions/sessions.ts";
import { removeSecondFactor } from "./remove-second-factor.ts";
import { isRequired, readRequirement } from "./requirement.ts";
import { disableSecondFactorInput } from "./schema.ts";

/**
 * Removes the caller's own second factor and ends their other sessions (ASVS 7.4.3). Throws `second-factor-needed`
 * where somebody asks them for one, `already-done` where there is none.
 */
export const disableSecondFactor = command({
  action: "users:disable-second-factor",
  input: disableSecondFactorInput,

  async run({ tx, context }) {
    const userId = userIdOf(context);
    await oneAtATime(tx, `second-factor:${userId}`);
    if (isRequired(await readRequirement(userId, tx))) throw new DomainError("second-factor-needed");
    if (!(await removeSecondFactor(tx, userId))) throw new DomainError("already-done");
    await endSessions(tx, userId, context.session?.id);
    await notify(tx, { kind: "second-factor-disabled", userIds: [userId], accountId: null });
    return { userId };
  },

  audit: ({ output }) => ({ resourceType: "user", resourceId: output.userId }),
});
