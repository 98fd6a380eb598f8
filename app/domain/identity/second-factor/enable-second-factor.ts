import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { notify } from "../../notifications/notify.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { endSessions } from "../sessions/sessions.ts";
import { replaceRecoveryCodes } from "./recovery-codes.ts";
import { enableSecondFactorInput } from "./schema.ts";
import { openSecret, sealSecret } from "./secret.ts";
import { stepOf } from "./totp.ts";

/**
 * Makes the offered secret the person's second factor, in the place of one that they may have, once a code shows that
 * their app has it. Ends their other sessions, which were begun without it. Answers ten recovery codes, which nothing
 * shows again.
 *
 * Throws `wrong-code`; `already-done` for a form that was posted before, whose answer had the codes; `conflict` for a
 * secret that no page of ours offered.
 */
export const enableSecondFactor = command({
  action: "users:enable-second-factor",
  input: enableSecondFactorInput,

  async run({ tx, input, context }) {
    const userId = userIdOf(context);
    const secret = offeredSecret(input.sealedSecret, userId);
    // The same form posted twice at once waits here, and then finds the first one's secret.
    await oneAtATime(tx, `second-factor:${userId}`);
    const present = await tx.secondFactor.findUnique({
      where: { userId },
      select: { secretEncrypted: true },
    });
    if (present && openSecret(present.secretEncrypted, userId) === secret)
      throw new DomainError("already-done");
    const step = stepOf(secret, input.code.replace(/\s/g, ""));
    if (step === null) throw new DomainError("wrong-code", { field: "code" });

    const values = {
      secretEncrypted: sealSecret(secret, userId),
      confirmedAt: new Date(),
      // The code has been used: it signs nobody in.
      lastUsedStep: step,
    };
    await tx.secondFactor.upsert({ where: { userId }, create: { userId, ...values }, update: values });
    const recoveryCodes = await replaceRecoveryCodes(tx, userId);
    await endSessions(tx, userId, context.session?.id);
    await notify(tx, { kind: "second-factor-enabled", userIds: [userId], accountId: null });
    return { userId, replaced: present !== null, recoveryCodes };
  },

  audit: ({ output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { replaced: output.replaced },
  }),
});

function offeredSecret(sealed: string, userId: string): string {
  try {
    return openSecret(sealed, userId);
  } catch {
    throw new DomainError("conflict");
  }
}
