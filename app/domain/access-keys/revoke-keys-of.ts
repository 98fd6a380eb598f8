import type { Transaction } from "#app/ports/db.server.ts";
import { enqueue } from "#app/ports/jobs.server.ts";
import { standingStates } from "./states.ts";

/**
 * Begins to revoke every access key of the account that a user made, inside the caller's command. Jobs tell the engine;
 * until it has confirmed, the keys are `revoking` and still work. Answers their ids. A key that is being made at this
 * moment is not among them.
 */
export async function revokeKeysOf(tx: Transaction, accountId: string, userId: string): Promise<string[]> {
  const keys = await tx.accessKey.updateManyAndReturn({
    where: { accountId, createdById: userId, state: { in: [...standingStates] } },
    data: { state: "revoking", lastError: null },
    select: { id: true },
  });
  for (const { id } of keys) await enqueue(tx, "revoke-access-key", { id });
  return keys.map(({ id }) => id);
}
