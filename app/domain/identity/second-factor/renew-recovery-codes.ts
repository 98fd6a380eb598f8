import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { notify } from "../../notifications/notify.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { replaceRecoveryCodes } from "./recovery-codes.ts";
import { renewRecoveryCodesInput } from "./schema.ts";

/**
 * Gives ten new recovery codes in the place of those that the page spoke of; answers them, once. Throws `already-done`
 * where those were replaced meanwhile (a form posted twice: its first answer had the codes), or are gone with the
 * second factor.
 */
export const renewRecoveryCodes = command({
  action: "users:renew-recovery-codes",
  input: renewRecoveryCodesInput,

  async run({ tx, input, context }) {
    const userId = userIdOf(context);
    await oneAtATime(tx, `second-factor:${userId}`);
    const present = await tx.recoveryCode.count({ where: { id: input.setId, userId } });
    if (present === 0) throw new DomainError("already-done");
    const recoveryCodes = await replaceRecoveryCodes(tx, userId);
    await notify(tx, { kind: "recovery-codes-renewed", userIds: [userId], accountId: null });
    return { userId, recoveryCodes };
  },

  audit: ({ output }) => ({ resourceType: "user", resourceId: output.userId }),
});
