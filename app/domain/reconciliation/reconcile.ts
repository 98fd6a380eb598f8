import { db } from "#app/ports/db.server.ts";
import { log } from "#app/ports/logger.server.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { engineTenantOf } from "../accounts/engine-tenant.ts";
import { checkAccount } from "./check-account.ts";
import { reconciledStates } from "./console-state.ts";
import { noteFailedCheck } from "./note-check.ts";
import { beginRun, endRun, forgetOldRuns, noteProgress } from "./runs.ts";

/** Accounts compared at once: all that is in memory, and all that the engine is asked at a time. */
const batchSize = 4;

/**
 * The job: compares every account with the engine, or one. Safe to repeat after a crash at any point, where it
 * goes on with the account that was next, and to run twice at once, where the second does nothing.
 *
 * An account that fails is noted and the others go on. Throws where the engine as a whole does not answer, so
 * that the job is tried again.
 */
export async function reconcile({ accountId }: { accountId?: string }, jobId: string): Promise<void> {
  if (accountId !== undefined) return reconcileOne(accountId, jobId);
  const run = await beginRun(jobId);
  if (!run) return;
  try {
    await reconcileAll(run);
  } catch (error) {
    await endRun(run.id, error);
    throw error;
  }
  await endRun(run.id);
  await forgetOldRuns();
}

async function reconcileOne(accountId: string, jobId: string): Promise<void> {
  try {
    await checkAccount(accountId, jobId);
  } catch (error) {
    await noteFailedCheck(accountId, error);
    throw error;
  }
}

async function reconcileAll(run: { id: string; lastAccountId: string | null }): Promise<void> {
  // One list of all users instead of one for each account: names only, some 100 bytes a user.
  const users = new Map((await storage.listTenants()).map(({ tenant, users }) => [tenant, users]));
  for (let after = run.lastAccountId; ; ) {
    const batch: ReconciledAccount[] = await nextBatch(after);
    const outcomes = await Promise.all(batch.map((account) => tryToCheck(account, users, run.id)));
    // Ten thousand deadlines one after the other would outlast the job. Where only some calls fail, go on.
    if (outcomes.includes("unavailable")) await storage.checkHealth();
    after = batch.at(-1)?.id ?? null;
    if (after === null) return;
    const failed = outcomes.filter((outcome) => outcome !== "checked").length;
    await noteProgress(run.id, { lastAccountId: after, accounts: batch.length, failed });
  }
}

interface ReconciledAccount {
  id: string;
  engineTenant: string | null;
}

function nextBatch(after: string | null): Promise<ReconciledAccount[]> {
  return db.account.findMany({
    where: { state: { in: reconciledStates }, ...(after ? { id: { gt: after } } : {}) },
    orderBy: { id: "asc" },
    take: batchSize,
    select: { id: true, engineTenant: true },
  });
}

async function tryToCheck(
  account: ReconciledAccount,
  users: ReadonlyMap<string, string[]>,
  jobId: string,
): Promise<"checked" | "unavailable" | "failed"> {
  try {
    await checkAccount(account.id, jobId, { users: users.get(engineTenantOf(account)) });
    return "checked";
  } catch (error) {
    log.warn({ err: error, account: account.id }, "account could not be compared with the engine");
    await noteFailedCheck(account.id, error);
    return error instanceof StorageError && error.retryable ? "unavailable" : "failed";
  }
}
