import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { beginRevocationOf } from "../access-keys/begin-revocation.ts";
import { type Command, command } from "../command.ts";
import { accountIdOf, type Context, systemContext } from "../context.ts";
import { lockOpenRotation } from "./lock-rotation.ts";
import { revokeAndSettle } from "./revoke-and-settle.ts";
import { finishRotationInput } from "./schema.ts";

/** `revoking`: the old key works until the engine has confirmed. */
export interface FinishedRotation {
  state: "revoking" | "finished";
}

/**
 * Ends a rotation before its time: revokes the old key within the request where the engine answers; otherwise a job goes
 * on, and the rotation is finished once the engine has confirmed. Throws `conflict` where there is nothing to end.
 */
export const finishRotation: Command<typeof finishRotationInput, FinishedRotation> = Object.assign(
  async (context: Context, rawInput: unknown): Promise<FinishedRotation> => {
    const { id, accountId, oldKeyId } = await beginFinish(context, rawInput);
    const system = systemContext("finish-rotation", accountId, context.origin.requestId);
    const isFinished = await revokeAndSettle(system, { id, oldKeyId }, { deadlineMs: PAGE_DEADLINE_MS });
    return { state: isFinished ? "finished" : "revoking" };
  },
  { action: "access-keys:finish-rotation" as const, input: finishRotationInput },
);

const beginFinish = command({
  action: "access-keys:finish-rotation",
  input: finishRotationInput,

  async run({ tx, input, context }) {
    const accountId = accountIdOf(context);
    const { id, oldKeyId, until } = await lockOpenRotation(tx, accountId, input.id);
    await tx.accessKeyRotation.update({ where: { id }, data: { until: new Date() } });
    await beginRevocationOf(tx, accountId, oldKeyId);
    return { id, accountId, oldKeyId, until };
  },

  audit: ({ input, output }) => ({
    resourceType: "access-key",
    resourceId: input.id,
    details: { rotationId: output.id, before: { until: output.until.toISOString() } },
  }),
});
