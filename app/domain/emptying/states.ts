import type { EmptyingState } from "#app/generated/prisma/enums.ts";
import type { StorageErrorCode } from "#app/ports/storage/errors.ts";

// Apart from schema.ts, so that pages can use them without bringing Zod to the browser.

/** True while a job is at work on it, so that a page shows it and looks again. */
export function isUnderWay(state: EmptyingState): boolean {
  return state === "queued" || state === "running" || state === "stopping";
}

/**
 * What stood in the way: the engine's answer to the whole, objects that it does not let go (kept by a retention, say),
 * a bucket that fills as fast as it is emptied, or an error of our own.
 */
export interface EmptyingProblem {
  code: StorageErrorCode | "objects-refused" | "never-empty" | "internal";
  /** Of `objects-refused`: how many, and the engine's word for why. */
  refused?: { count: number; engineCode: string };
}

/** As `bucket_emptying.last_error` holds it: `unavailable`, or `objects-refused 12 AccessDenied`. */
export function formatProblem({ code, refused }: EmptyingProblem): string {
  return refused ? `${code} ${refused.count} ${refused.engineCode}` : code;
}

/** Reads what {@link formatProblem} wrote. */
export function parseProblem(lastError: string | null): EmptyingProblem | null {
  if (lastError === null) return null;
  const [code, count, engineCode = ""] = lastError.split(" ");
  return {
    code: code as EmptyingProblem["code"],
    ...(count === undefined ? {} : { refused: { count: Number(count), engineCode } }),
  };
}
