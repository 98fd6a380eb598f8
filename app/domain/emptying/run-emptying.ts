import { setTimeout } from "node:timers/promises";
import { db } from "#app/ports/db.server.ts";
import { log } from "#app/ports/logger.server.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readEngineTenant, readManagementKey } from "../accounts/engine-tenant.ts";
import { systemContext } from "../context.ts";
import { noteExpected, noteProblem, noteProgress, type RunningEmptying, takeUp } from "./progress.ts";
import { settleEmptying } from "./settle-emptying.ts";
import type { EmptyingProblem } from "./states.ts";
import { difference, nothing, type Place, type SweepLimits, sweep, sweepLimits } from "./sweep.ts";

/** How often what was removed is written down, and what people ask for is looked at. */
const writtenEveryMs = 1_000;
/** A fault of ours that is still there after so long will stay: people are told. */
const givenUpAfterMs = 86_400_000;

/** One is enough, and a second finds that nothing is left, unless somebody uploads all the time. */
const mostSweeps = 200;
const longestPauseMs = 2_000;

export type EmptyingLimits = SweepLimits & { writtenEveryMs: number };
const emptyingLimits: EmptyingLimits = { ...sweepLimits, writtenEveryMs };

/**
 * The job: removes all that a bucket holds, in as many sweeps as it takes until there is nothing. Safe to be killed at
 * any point, since what is removed is no longer there for the next run; of two at once, the second steps back.
 *
 * Throws what may pass by itself, after noting it; the job is then tried again.
 */
export async function runEmptying(emptyingId: string, jobId: string, limits = emptyingLimits): Promise<void> {
  const emptying = await takeUp(emptyingId);
  if (!emptying) return;
  const context = systemContext("empty-bucket", emptying.accountId, jobId);
  try {
    await settleEmptying(context, { emptyingId, ...(await removeAll(emptying, limits)) });
  } catch (error) {
    const problem = problemOf(error);
    const isYoung = Date.now() - emptying.createdAt.getTime() < givenUpAfterMs;
    if (problem.code === "unavailable" || (problem.code === "internal" && isYoung)) {
      await noteProblem(emptyingId, problem);
      throw error;
    }
    log.warn({ err: error, emptying: emptyingId }, "a bucket could not be emptied");
    await settleEmptying(context, { emptyingId, to: "failed", problem });
  }
}

type Outcome = { to: "finished" | "stopped" | "failed"; problem?: EmptyingProblem };

async function removeAll(emptying: RunningEmptying, limits: EmptyingLimits): Promise<Outcome> {
  const { id, accountId, bucketId } = emptying;
  const bucket = await findBucketName(bucketId);
  if (bucket === null) return { to: "finished" };
  if (emptying.state === "stopping") return { to: "stopped" };
  const key = await readManagementKey(accountId);
  try {
    if (emptying.expectedVersions === null) await askExpected(emptying, bucket);
    for (let sweeps = 1; sweeps <= mostSweeps; sweeps += 1) {
      const { removed, isStopped } = await sweepOnce(id, { key, bucket }, limits);
      if (isStopped) return { to: "stopped" };
      const isNothingRemoved = removed.versions + removed.markers + removed.uploads === 0;
      if (isNothingRemoved && removed.refused === 0) return { to: "finished" };
      if (isNothingRemoved) {
        const refused = { count: removed.refused, engineCode: removed.refusal ?? "Unknown" };
        return { to: "failed", problem: { code: "objects-refused", refused } };
      }
      // Whoever uploads meanwhile, or an engine that lists what is gone, is not to be chased without a breath.
      await setTimeout(Math.min(sweeps * 50, longestPauseMs));
      if ((await findBucketName(bucketId)) === null) return { to: "finished" };
    }
    return { to: "failed", problem: { code: "never-empty" } };
  } catch (error) {
    // The bucket itself: deleted at the engine by somebody else.
    if (error instanceof StorageError && error.code === "not-found") return { to: "finished" };
    throw error;
  }
}

/**
 * Null for a bucket that somebody deleted, which an engine does with an empty one only: its name may be another
 * bucket's by now, and what is in that is not to be removed.
 */
async function findBucketName(bucketId: string): Promise<string | null> {
  const { name, deletedAt } = await db.bucket.findUniqueOrThrow({
    where: { id: bucketId },
    select: { name: true, deletedAt: true },
  });
  return deletedAt ? null : name;
}

async function askExpected({ id, accountId }: RunningEmptying, bucket: string): Promise<void> {
  const [stats] = await storage.bucketStats({ tenant: await readEngineTenant(accountId), bucket });
  if (stats) await noteExpected(id, stats);
}

/** One way through the bucket, written down as it goes, to the end or until it is asked to stop. */
async function sweepOnce(emptyingId: string, place: Place, limits: EmptyingLimits) {
  const removed = nothing();
  let written = nothing();
  let writtenAt = performance.now();
  let isStopped = false;

  async function write(): Promise<void> {
    const now = { ...removed };
    const goesOn = await noteProgress(emptyingId, difference(now, written));
    written = now;
    writtenAt = performance.now();
    isStopped = !goesOn;
  }
  try {
    for await (const _ of sweep(place, removed, limits)) {
      if (performance.now() - writtenAt >= limits.writtenEveryMs) await write();
      if (isStopped) break;
    }
  } finally {
    // After what was on its way, also where the engine ended it.
    await write();
  }
  return { removed, isStopped };
}

function problemOf(error: unknown): EmptyingProblem {
  return { code: error instanceof StorageError ? error.code : "internal" };
}
