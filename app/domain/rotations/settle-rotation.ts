import { z } from "zod";
import type { Transaction } from "#app/ports/db.server.ts";
import { beginRevocationOf } from "../access-keys/begin-revocation.ts";
import { isStanding } from "../access-keys/states.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { lockRotation, type RunningRotation } from "./lock-rotation.ts";
import { tell } from "./tell.ts";

/**
 * Takes a rotation on as far as its keys and the clock say. Does nothing where another run was faster.
 *
 * - The old key is revoked, by the clock, by hand or at its own end: `finished`.
 * - The new key is on its way out while the old one works: `undone`. The old key is not touched, ever after: it would
 *   leave programs with none.
 * - The time is over: the old key is to be revoked, and the rotation goes on until the engine has confirmed.
 */
export const settleRotation = command({
  action: "access-keys:settle-rotation",
  input: z.object({ id: z.uuid() }),

  async run({ tx, input: { id }, context }) {
    const rotation = await lockRotation(tx, accountIdOf(context), id);
    const step = rotation ? stepOf(rotation) : "none";
    if (rotation) await steps[step](tx, rotation);
    return { step, oldKeyId: rotation?.oldKeyId ?? null };
  },

  audit: ({ input, output }) => ({
    resourceType: "access-key",
    ...(output.oldKeyId ? { resourceId: output.oldKeyId } : {}),
    details: { rotationId: input.id, step: output.step },
  }),
});

type Step = "none" | "end-overlap" | "finish" | "undo";

function stepOf({ isOver, oldState, newState }: RunningRotation): Step {
  if (oldState === "revoked") return "finish";
  // On its way out: what comes of it is not known yet.
  if (!isStanding(oldState)) return "none";
  if (!isStanding(newState)) return "undo";
  return isOver ? "end-overlap" : "none";
}

const steps: Record<Step, (tx: Transaction, rotation: RunningRotation) => Promise<void>> = {
  none: async () => {},
  "end-overlap": async (tx, { accountId, oldKeyId }) => {
    await beginRevocationOf(tx, accountId, oldKeyId);
  },
  finish: async (tx, rotation) => {
    const endedAt = rotation.oldRevokedAt ?? new Date();
    await end(tx, rotation, "finished", endedAt);
    // Who has revoked both knows.
    if (isStanding(rotation.newState)) await tell(tx, "access-key-rotation-finished", rotation, endedAt);
  },
  undo: async (tx, rotation) => {
    await end(tx, rotation, "undone", new Date());
    await tell(tx, "access-key-rotation-undone", rotation, rotation.until);
  },
};

async function end(
  tx: Transaction,
  { id }: RunningRotation,
  state: "finished" | "undone",
  endedAt: Date,
): Promise<void> {
  await tx.accessKeyRotation.update({ where: { id }, data: { state, endedAt } });
}
