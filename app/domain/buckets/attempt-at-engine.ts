import { db } from "#app/ports/db.server.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import type { Context } from "../context.ts";
import { settleBucket } from "./settle-bucket.ts";
import { type BucketEffort, type BucketProblemCode, formatProblem } from "./states.ts";

/**
 * Runs a job's call to the engine, and keeps on the bucket what came of it. True where the engine did it;
 * false where it refused for good, and the bucket's state says so.
 *
 * Throws what may pass by itself, for the job to be tried again: an engine that does not answer, an error of
 * our own.
 */
export async function attemptAtEngine(
  context: Context,
  bucketId: string,
  during: BucketEffort,
  call: () => Promise<void>,
): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    const problem = problemOf(error);
    if (!(error instanceof StorageError) || error.retryable) {
      await noteProblem(bucketId, during, problem);
      throw error;
    }
    // A bucket with objects in it is as good as before.
    const to = problem === "bucket-not-empty" ? "active" : "failed";
    await settleBucket(context, { bucketId, from: during, to, problem });
    return false;
  }
}

function problemOf(error: unknown): BucketProblemCode {
  if (!(error instanceof StorageError)) return "internal";
  return error.code === "unsatisfiable" ? "unexpected" : error.code;
}

async function noteProblem(bucketId: string, during: BucketEffort, code: BucketProblemCode): Promise<void> {
  await db.bucket.updateMany({
    where: { id: bucketId, state: during, deletedAt: null },
    data: { lastError: formatProblem({ during, code }) },
  });
}
