import { z } from "zod";
import { command } from "../../command.ts";
import { notify } from "../../notifications/notify.ts";
import { oneAtATime } from "../../one-at-a-time.ts";

const dayMs = 86_400_000;

/** Tells somebody that their password is being guessed: once a day, however long it goes on. */
export const reportSignInAttack = command({
  action: "users:report-sign-in-attack",
  input: z.object({ userId: z.uuid() }),

  async run({ tx, input: { userId } }) {
    await oneAtATime(tx, `sign-in-attack:${userId}`);
    const kind = "sign-in-attack";
    const since = new Date(Date.now() - dayMs);
    const told = await tx.notification.count({ where: { userId, kind, createdAt: { gt: since } } });
    if (told === 0) await notify(tx, { kind, userIds: [userId], accountId: null });
    return { told: told === 0 };
  },

  audit: ({ input, output }) => ({ resourceType: "user", resourceId: input.userId, details: output }),
});
