import { z } from "zod";
import { isStanding } from "../access-keys/states.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { lockRotation } from "./lock-rotation.ts";
import { tell } from "./tell.ts";

/** Tells people, once, that an old key is about to stop working. Does nothing where the end was put off meanwhile. */
export const warnOfEnd = command({
  action: "access-keys:settle-rotation",
  input: z.object({ id: z.uuid(), until: z.date() }),

  async run({ tx, input: { id, until }, context }) {
    const rotation = await lockRotation(tx, accountIdOf(context), id);
    if (!rotation || !isStanding(rotation.oldState)) return { told: false, oldKeyId: null };
    const { count } = await tx.accessKeyRotation.updateMany({
      where: { id, until, warnedAt: null },
      data: { warnedAt: new Date() },
    });
    if (count === 1) await tell(tx, "access-key-rotation-ending", rotation, until);
    return { told: count === 1, oldKeyId: rotation.oldKeyId };
  },

  audit: ({ input, output }) => ({
    resourceType: "access-key",
    ...(output.oldKeyId ? { resourceId: output.oldKeyId } : {}),
    details: { rotationId: input.id, told: output.told },
  }),
});
