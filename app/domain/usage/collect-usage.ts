import { db } from "#app/ports/db.server.ts";
import { log } from "#app/ports/logger.server.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { engineTenantOf } from "../accounts/engine-tenant.ts";
import { meteredStates } from "./metered-states.ts";
import { noteFailure, noteFailureOfAll } from "./note-failure.ts";
import { recordCounters, recordStored } from "./record-usage.ts";

const hourMs = 3_600_000;
/** Read again each time: engines write an hour's counters down some minutes late, or after an outage of theirs. */
const overlapMs = 6 * hourMs;
/** The longest stretch asked for at once: after a long outage the answer still fits in memory. */
const windowMs = 7 * 24 * hourMs;
/** Accounts measured at once: all that is in memory, and all that the engine is asked at a time. */
const batchSize = 8;

interface MeteredAccount {
  id: string;
  engineTenant: string | null;
  activatedAt: Date | null;
  usageCollection: { measuredAt: Date | null } | null;
}

/**
 * Measures every account at the engine, or one: requests and traffic by hour since it was last measured, and
 * what is stored now. Safe to repeat and to run twice at once: the same reading writes nothing.
 *
 * An account that fails is noted and the others go on. Throws a StorageError where the engine as a whole does
 * not answer, so that the job is tried again.
 */
export async function collectUsage({ accountId }: { accountId?: string } = {}): Promise<void> {
  await requireEngine();
  for (let after: string | null = null; ; ) {
    const batch: MeteredAccount[] = await nextBatch(after, accountId);
    const outcomes = await Promise.all(batch.map(tryToMeasure));
    // Ten thousand deadlines one after the other would outlast the job.
    if (outcomes.includes("unavailable")) await requireEngine();
    after = batch.at(-1)?.id ?? null;
    if (batch.length < batchSize) return;
  }
}

async function requireEngine(): Promise<void> {
  try {
    await storage.checkHealth();
  } catch (error) {
    await noteFailureOfAll(error);
    throw error;
  }
}

function nextBatch(after: string | null, accountId: string | undefined): Promise<MeteredAccount[]> {
  return db.account.findMany({
    where: { state: { in: meteredStates }, id: { equals: accountId, gt: after ?? undefined } },
    orderBy: { id: "asc" },
    take: batchSize,
    select: {
      id: true,
      engineTenant: true,
      activatedAt: true,
      usageCollection: { select: { measuredAt: true } },
    },
  });
}

async function tryToMeasure(account: MeteredAccount): Promise<"measured" | "unavailable" | "failed"> {
  try {
    await measure(account);
    return "measured";
  } catch (error) {
    log.warn({ err: error, account: account.id }, "usage could not be measured");
    await noteFailure(account.id, error);
    return error instanceof StorageError && error.retryable ? "unavailable" : "failed";
  }
}

/** No transaction is open while the engine is asked: each answer is written in one of its own. */
async function measure(account: MeteredAccount): Promise<void> {
  const { id, activatedAt, usageCollection } = account;
  const tenant = engineTenantOf(account);
  // Before the first question, so that nothing is claimed to be newer than it is.
  const measuredAt = new Date();
  const lastMeasuredAt = usageCollection?.measuredAt ?? activatedAt ?? measuredAt;
  const end = startOfHour(measuredAt) + hourMs;

  for (let from = startOfHour(lastMeasuredAt) - overlapMs; from < end; from += windowMs) {
    const to = Math.min(from + windowMs, end);
    const hours = await storage.usage({ tenant, from: new Date(from), to: new Date(to) });
    // What Balde itself does at the engine is no business of the tenant's.
    const own = hours.filter(({ traffic }) => traffic === "tenant");
    await recordCounters(id, measuredAt, own);
  }
  await recordStored(id, measuredAt, await storage.bucketStats({ tenant }));
}

/** Milliseconds of the start of the UTC hour. */
function startOfHour(time: Date): number {
  return Math.floor(time.getTime() / hourMs) * hourMs;
}
