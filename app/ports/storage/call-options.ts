export interface CallOptions {
  /**
   * Milliseconds for the whole call, all its requests and retries. Default {@link DEFAULT_DEADLINE_MS}, and
   * {@link JOB_DEADLINE_MS} for the methods marked "for jobs".
   */
  deadlineMs?: number;
}

/** Long enough for a busy engine, short enough for a worker. */
export const DEFAULT_DEADLINE_MS = 10_000;
/** For calls that a person waits for: a hung engine may cost a page three seconds, rendering included. */
export const PAGE_DEADLINE_MS = 2_000;
/** For calls that nobody waits for: they look through all users of the engine, or sit out its repairs. */
export const JOB_DEADLINE_MS = 120_000;
