import type { EmptyingState } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import { type EmptyingProblem, formatProblem } from "./states.ts";
import type { Removed } from "./sweep.ts";

/** A run that wrote nothing for so long is dead: its worker was killed. */
const silentAfterMs = 8_000;

const underWay = { in: ["queued", "running", "stopping"] satisfies EmptyingState[] };

export interface RunningEmptying {
  id: string;
  accountId: string;
  bucketId: string;
  state: EmptyingState;
  expectedVersions: bigint | null;
  createdAt: Date;
}

/**
 * Takes an emptying up, at its beginning or where another run of the job left it; null where it is over.
 *
 * @throws {AnotherRun} while another run is at work: counted by two, what is removed would be counted twice
 */
export async function takeUp(emptyingId: string): Promise<RunningEmptying | null> {
  const now = new Date();
  const silent = new Date(now.getTime() - silentAfterMs);
  await db.bucketEmptying.updateMany({
    where: { id: emptyingId, state: "queued" },
    data: { state: "running", startedAt: now },
  });
  const [taken] = await db.bucketEmptying.updateManyAndReturn({
    where: {
      id: emptyingId,
      state: underWay,
      // What ended in an error is nobody's any more.
      OR: [{ progressAt: null }, { progressAt: { lt: silent } }, { lastError: { not: null } }],
    },
    data: { progressAt: now, lastError: null },
    select: {
      id: true,
      accountId: true,
      bucketId: true,
      state: true,
      expectedVersions: true,
      createdAt: true,
    },
  });
  if (taken) return taken;
  if ((await db.bucketEmptying.count({ where: { id: emptyingId, state: underWay } })) === 0) return null;
  throw new AnotherRun();
}

/** The job is tried again later, and goes on if the other run died. */
export class AnotherRun extends Error {
  override readonly name = "AnotherRun";

  constructor() {
    super("another run of this job is at work");
  }
}

/** What the engine says is there, for the progress. */
export async function noteExpected(
  emptyingId: string,
  stats: { objectCount: bigint; sizeBytes: bigint },
): Promise<void> {
  await db.bucketEmptying.updateMany({
    where: { id: emptyingId },
    data: { expectedVersions: stats.objectCount, expectedBytes: stats.sizeBytes },
  });
}

/** Adds what was removed. Answers whether the emptying is to go on: it may have been asked to stop. */
export async function noteProgress(emptyingId: string, removed: Removed): Promise<boolean> {
  const [row] = await db.bucketEmptying.updateManyAndReturn({
    where: { id: emptyingId, state: underWay },
    data: {
      progressAt: new Date(),
      removedVersions: { increment: removed.versions },
      removedMarkers: { increment: removed.markers },
      removedUploads: { increment: removed.uploads },
      removedBytes: { increment: removed.bytes },
    },
    select: { state: true },
  });
  return row?.state === "running";
}

/** Says why it waits, and lets go of it, for the next run to take it up. */
export async function noteProblem(emptyingId: string, problem: EmptyingProblem): Promise<void> {
  await db.bucketEmptying.updateMany({
    where: { id: emptyingId, state: underWay },
    data: { lastError: formatProblem(problem) },
  });
}
