import { db } from "#app/ports/db.server.ts";
import { reasonOf } from "#app/ports/storage/errors.ts";

/** Without progress for this long a run is dead: its worker was killed, and its job came to an end without it. */
export const deadAfterMs = 5 * 60_000;

interface Run {
  id: string;
  /** Accounts up to this one are done. */
  lastAccountId: string | null;
}

/**
 * Begins a run, or goes on with the one of the same job where a crash or the engine ended it. Null where another
 * one is under way: one at a time is enough, and all that the engine is asked.
 */
export async function beginRun(jobId: string): Promise<Run | null> {
  const now = new Date();
  // Serialised by the lock: of two jobs at once, the second sees the first one's run.
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('reconciliation-run', 0))`;
    const alive = { finishedAt: null, progressedAt: { gt: new Date(now.getTime() - deadAfterMs) } };
    if ((await tx.reconciliationRun.count({ where: { ...alive, id: { not: jobId } } })) > 0) return null;
    await tx.reconciliationRun.updateMany({
      where: { finishedAt: null, id: { not: jobId } },
      data: { finishedAt: now, error: "abandoned" },
    });
    return tx.reconciliationRun.upsert({
      where: { id: jobId },
      create: { id: jobId, startedAt: now, progressedAt: now },
      update: { progressedAt: now, finishedAt: null, error: null },
      select: { id: true, lastAccountId: true },
    });
  });
}

/** Notes how far a run is. */
export async function noteProgress(
  id: string,
  { lastAccountId, accounts, failed }: { lastAccountId: string; accounts: number; failed: number },
): Promise<void> {
  await db.reconciliationRun.update({
    where: { id },
    data: {
      lastAccountId,
      progressedAt: new Date(),
      accounts: { increment: accounts },
      failed: { increment: failed },
    },
  });
}

/** Ends a run, early where there is an error; it is then taken up again if its job is. */
export async function endRun(id: string, error?: unknown): Promise<void> {
  const now = new Date();
  await db.reconciliationRun.update({
    where: { id },
    data: { progressedAt: now, finishedAt: now, error: error === undefined ? null : reasonOf(error) },
  });
}

/** How long runs are kept. */
const keptMs = 30 * 24 * 60 * 60_000;

export async function forgetOldRuns(): Promise<void> {
  await db.reconciliationRun.deleteMany({ where: { startedAt: { lt: new Date(Date.now() - keptMs) } } });
}
