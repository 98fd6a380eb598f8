import type { Transaction } from "#app/ports/db.server.ts";
import { enqueue } from "#app/ports/jobs.server.ts";
import { standingStates } from "./states.ts";

/** Time for the request itself to be done, before the job looks whether it was. */
const graceSeconds = 10;

/**
 * Begins to revoke a key, inside the caller's command: it is `revoking`, and a job sees to the engine whatever becomes
 * of the caller. False for a key that is on its way out already, or is not made yet.
 */
export async function beginRevocationOf(tx: Transaction, accountId: string, id: string): Promise<boolean> {
  const { count } = await tx.accessKey.updateMany({
    where: { id, accountId, state: { in: [...standingStates] } },
    data: { state: "revoking", lastError: null },
  });
  if (count === 1) await enqueue(tx, "revoke-access-key", { id }, { startAfter: graceSeconds });
  return count === 1;
}
