import type { EmptyingState } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { type EmptyingProblem, parseProblem } from "./states.ts";

export interface Emptying {
  id: string;
  state: EmptyingState;
  /** Whether the bucket is deleted once it is empty. */
  deletesBucket: boolean;
  /** Versions and delete markers that were there when it began; null where the engine did not say. */
  expected: bigint | null;
  /** Versions of objects, current ones included. */
  removedVersions: bigint;
  removedMarkers: bigint;
  removedUploads: bigint;
  /** Of the versions removed. */
  removedBytes: bigint;
  /** What keeps it waiting, or why it failed. */
  problem: EmptyingProblem | null;
  createdAt: Date;
  startedAt: Date | null;
  /** When the counts were written. */
  progressAt: Date | null;
  endedAt: Date | null;
  /** Name of who began it. */
  startedBy: string | null;
}

/** The latest emptying of a bucket of the account, under way or ended; null where there was none. */
export async function findEmptying(context: Context, bucketId: string): Promise<Emptying | null> {
  const accountId = authorizeInAccount(context, "buckets:read");
  const row = await db.bucketEmptying.findFirst({
    where: { accountId, bucketId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    select: {
      id: true,
      state: true,
      deletesBucket: true,
      expectedVersions: true,
      removedVersions: true,
      removedMarkers: true,
      removedUploads: true,
      removedBytes: true,
      lastError: true,
      createdAt: true,
      startedAt: true,
      progressAt: true,
      endedAt: true,
      startedBy: { select: { name: true } },
    },
  });
  if (!row) return null;
  const { expectedVersions, lastError, startedBy, ...rest } = row;
  return {
    ...rest,
    expected: expectedVersions,
    problem: parseProblem(lastError),
    startedBy: startedBy?.name ?? null,
  };
}
