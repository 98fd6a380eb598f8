import type { StorageErrorCode } from "#app/ports/storage/errors.ts";

// Apart from schema.ts, so that pages can use them without bringing Zod to the browser.

/** What a bucket was doing when the engine refused: being made, or being deleted. */
export type BucketEffort = "provisioning" | "deleting";

/** What stood in the way: the engine's refusal, or an error of our own. No bucket is asked for a range of bytes. */
export type BucketProblemCode = Exclude<StorageErrorCode, "unsatisfiable"> | "internal";

/** The last thing that went wrong with a bucket. It is kept until the next attempt succeeds. */
export interface BucketProblem {
  during: BucketEffort;
  code: BucketProblemCode;
}

/** As `bucket.last_error` holds it: `deleting bucket-not-empty`. */
export function formatProblem({ during, code }: BucketProblem): string {
  return `${during} ${code}`;
}

/** Reads what {@link formatProblem} wrote. */
export function parseProblem(lastError: string | null): BucketProblem | null {
  if (lastError === null) return null;
  const [during, code] = lastError.split(" ");
  return { during, code } as BucketProblem;
}

/** True while a job is at work on the bucket, so that a page shows it and looks again. */
export function isUnderWay(state: "provisioning" | "active" | "deleting" | "failed"): boolean {
  return state === "provisioning" || state === "deleting";
}
