const MiB = 1024 * 1024;

/** S3's limits. */
export const mostParts = 10_000;
export const mostSizeBytes = 5 * 1024 * 1024 * MiB;

/** Small enough to be sent again without much ado, large enough that a request's own cost does not count. */
const usualPartBytes = 16 * MiB;

/**
 * How large the parts of an upload are: whole MiB, at least S3's 5, and no more than 10,000 of them. The last one is
 * what is left.
 */
export function partSizeFor(sizeBytes: number): number {
  return Math.max(usualPartBytes, Math.ceil(sizeBytes / mostParts / MiB) * MiB);
}
