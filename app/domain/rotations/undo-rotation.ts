import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { beginRevocationOf } from "../access-keys/begin-revocation.ts";
import { requireKeysWithinQuota } from "../access-keys/require-room.ts";
import { finishRevocation } from "../access-keys/revoke-access-key.ts";
import { type Command, command } from "../command.ts";
import { accountIdOf, type Context } from "../context.ts";
import { lockOpenRotation } from "./lock-rotation.ts";
import { undoRotationInput } from "./schema.ts";
import { tell } from "./tell.ts";

/** What becomes of the new key: `revoking` works until the engine has confirmed. */
export interface UndoneRotation {
  newKeyId: string;
  newKey: "kept" | "revoking" | "revoked";
}

/**
 * Undoes a rotation until its end: the old key stays as it is, and the new one is revoked or becomes a key like any
 * other. Throws `conflict` where it is too late, and `quota-exceeded` where the account may not keep both.
 */
export const undoRotation: Command<typeof undoRotationInput, UndoneRotation> = Object.assign(
  async (context: Context, rawInput: unknown): Promise<UndoneRotation> => {
    const { newKeyId, isKept } = await endByUndoing(context, rawInput);
    if (isKept) return { newKeyId, newKey: "kept" };
    try {
      await finishRevocation(newKeyId, context.origin.requestId, { deadlineMs: PAGE_DEADLINE_MS });
      return { newKeyId, newKey: "revoked" };
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return { newKeyId, newKey: "revoking" };
    }
  },
  { action: "access-keys:undo-rotation" as const, input: undoRotationInput },
);

const endByUndoing = command({
  action: "access-keys:undo-rotation",
  input: undoRotationInput,

  async run({ tx, input, context }) {
    const accountId = accountIdOf(context);
    const isKept = input.newKey === "keep";
    // Before the rotation is locked: starting another one takes them in this order.
    if (isKept) await requireKeysWithinQuota(tx, accountId);
    const rotation = await lockOpenRotation(tx, accountId, input.id);
    const { id, newKeyId, until } = rotation;
    await tx.accessKeyRotation.update({ where: { id }, data: { state: "undone", endedAt: new Date() } });
    if (!isKept) await beginRevocationOf(tx, accountId, newKeyId);
    await tell(tx, "access-key-rotation-undone", rotation, until);
    return { id, newKeyId, isKept };
  },

  audit: ({ input, output }) => ({
    resourceType: "access-key",
    resourceId: input.id,
    details: { rotationId: output.id, newKeyId: output.newKeyId, newKey: input.newKey },
  }),
});
