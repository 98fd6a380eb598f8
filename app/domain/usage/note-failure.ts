import { db } from "#app/ports/db.server.ts";
import { reasonOf } from "#app/ports/storage/errors.ts";
import { meteredStates } from "./metered-states.ts";

/** Notes for operators why an account could not be measured. Its last measurement stays as it is. */
export async function noteFailure(accountId: string, error: unknown): Promise<void> {
  const lastError = reasonOf(error);
  await db.usageCollection.upsert({
    where: { accountId },
    create: { accountId, lastError },
    update: { lastError },
  });
}

/** The same for every account at once, where the engine as a whole does not answer. */
export async function noteFailureOfAll(error: unknown): Promise<void> {
  await db.$executeRaw`
    INSERT INTO usage_collection (account_id, last_error)
    SELECT id, ${reasonOf(error)} FROM account WHERE state = ANY(${meteredStates}::account_state[])
    ON CONFLICT (account_id) DO UPDATE SET last_error = excluded.last_error`;
}
