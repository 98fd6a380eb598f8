import { setTimeout as sleep } from "node:timers/promises";
import { type CallOptions, DEFAULT_DEADLINE_MS, JOB_DEADLINE_MS } from "../driver.ts";
import { StorageError } from "../errors.ts";

/** One call of a driver's method, which may be several requests to the engine under one deadline. */
export interface Call {
  /** The method's name, for errors. */
  readonly operation: string;
  /** `performance.now()` at which the call must have ended. */
  readonly endsAt: number;
  /** The longest that a request which changes something may take. */
  readonly changeMs: number;
}

/** The longest that any other request may take: a hung engine shows at the first of them. */
const READ_MS = DEFAULT_DEADLINE_MS;

/**
 * For 30 s after a gateway died, the others wait for it in the middle of every change of a user. A job sits that
 * out: giving up sooner would send its next attempt into the midst of the first.
 */
const JOB_CHANGE_MS = 40_000;

export function startCall(operation: string, options?: CallOptions, mode: "page" | "job" = "page"): Call {
  const job = mode === "job";
  const deadlineMs = options?.deadlineMs ?? (job ? JOB_DEADLINE_MS : DEFAULT_DEADLINE_MS);
  return {
    operation,
    endsAt: performance.now() + deadlineMs,
    changeMs: job ? JOB_CHANGE_MS : DEFAULT_DEADLINE_MS,
  };
}

/**
 * Sends one request of a call, with a signal that aborts it in time; `send` must throw `StorageError`s.
 *
 * A request that found no engine is sent once more while the deadline allows it: after an engine's restart the
 * first request on each kept connection fails. That is safe because everything this driver sends may be
 * repeated, and it is all the retrying done here: waiting out a longer outage is the job queue's work.
 */
export async function sendInTime<T>(
  call: Call,
  kind: "read" | "change",
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const first = requestSignal(call, kind);
  try {
    return await send(first);
  } catch (error) {
    const pauseMs = 50 + Math.random() * 100;
    const worthwhile = error instanceof StorageError && error.retryable && !first.aborted;
    if (!worthwhile || performance.now() + pauseMs >= call.endsAt) throw error;
    await sleep(pauseMs);
    return await send(requestSignal(call, kind));
  }
}

function requestSignal(call: Call, kind: "read" | "change"): AbortSignal {
  const leftMs = Math.max(0, Math.floor(call.endsAt - performance.now()));
  return AbortSignal.timeout(Math.min(leftMs, kind === "change" ? call.changeMs : READ_MS));
}
