import { StorageError } from "../errors.ts";
import type { Call } from "./call.ts";

/**
 * Settles whether a configuration was kept: when something was lost, what was there before is put back and the
 * call is refused.
 *
 * @param lost S3's name of the condition that the engine dropped
 * @throws StorageError `unsupported`, with that name as its `engineCode`
 */
export async function keepWhole(
  call: Call,
  lost: string | undefined,
  putBack: () => Promise<void>,
): Promise<void> {
  if (lost === undefined) return;
  await putBack();
  throw new StorageError("unsupported", { operation: call.operation, engineCode: lost });
}
