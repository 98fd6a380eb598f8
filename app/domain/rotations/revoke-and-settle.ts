import type { CallOptions } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { finishRevocation } from "../access-keys/revoke-access-key.ts";
import type { Context } from "../context.ts";
import { settleRotation } from "./settle-rotation.ts";

/**
 * Has the engine revoke the old key, which is `revoking`, and finishes the rotation once it has confirmed. False where
 * it has not: the key's own job goes on, and the schedule finishes the rotation after it.
 */
export async function revokeAndSettle(
  system: Context,
  { id, oldKeyId }: { id: string; oldKeyId: string },
  options: CallOptions = {},
): Promise<boolean> {
  try {
    await finishRevocation(oldKeyId, system.origin.requestId, options);
  } catch (error) {
    if (error instanceof StorageError) return false;
    throw error;
  }
  const { step } = await settleRotation(system, { id });
  return step === "finish";
}
