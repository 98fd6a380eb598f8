import { ExponentialBackoff, fullJitterGenerator, handleWhen, retry } from "cockatiel";
import { type CallOptions, DEFAULT_DEADLINE_MS, JOB_DEADLINE_MS, PAGE_DEADLINE_MS } from "../driver.ts";
import { StorageError } from "../errors.ts";
import type { Circuit, RequestKind } from "./circuit.ts";

/** One call of a driver's method, which may be several requests to the engine under one deadline. */
export interface Call {
  /** The method's name, for errors. */
  readonly operation: string;
  /** `performance.now()` at which the call must have ended. */
  readonly endsAt: number;
  /** The longest that a request which changes something may take. */
  readonly changeMs: number;
  /** How long it may wait for an engine that is known to be away. */
  readonly patienceMs: number;
  /** How often a request that found no engine is repeated. */
  readonly retries: number;
  /** Undefined for a request that goes to the engine whatever is known of it. */
  readonly circuit: Circuit | undefined;
}

/** The longest that any other request may take: a hung engine shows at the first of them. */
const READ_MS = DEFAULT_DEADLINE_MS;

/**
 * For 30 s after a gateway died, the others wait for it in the middle of every change of a user. A job sits that
 * out: giving up sooner would send its next attempt into the midst of the first.
 */
const JOB_CHANGE_MS = 40_000;

/** Waiting for an engine that is away: a probe finds one that is back within this, so no page fails after that. */
const PAGE_PATIENCE_MS = 250;
/** For calls that nobody waits for: the queue has longer pauses. */
const JOB_PATIENCE_MS = 10_000;

/** A gateway that was killed is back within 0.2 s; waiting out a longer outage is the job queue's work. */
const RETRIES = 3;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = FIRST_PAUSE_MS * 2 ** (RETRIES - 1);

export function startCall(
  operation: string,
  options?: CallOptions,
  mode: "page" | "job" = "page",
  circuit?: Circuit,
): Call {
  const job = mode === "job";
  const deadlineMs = options?.deadlineMs ?? (job ? JOB_DEADLINE_MS : DEFAULT_DEADLINE_MS);
  return {
    operation,
    endsAt: performance.now() + deadlineMs,
    changeMs: job ? JOB_CHANGE_MS : DEFAULT_DEADLINE_MS,
    patienceMs: deadlineMs > PAGE_DEADLINE_MS ? JOB_PATIENCE_MS : PAGE_PATIENCE_MS,
    retries: RETRIES,
    circuit,
  };
}

/** The call of a probe: past the circuit that it decides about, and once. */
export function startProbe(): Call {
  return { ...startCall("checkHealth", { deadlineMs: PAGE_DEADLINE_MS }), retries: 0 };
}

/**
 * Sends one request of a call, with a signal that aborts it in time; `send` must throw `StorageError`s.
 *
 * A request that found no engine is repeated after growing pauses with full jitter, while the call's time allows
 * it: after an engine's restart the first request on each kept connection fails. That is safe because everything
 * this driver sends may be repeated.
 */
export async function sendInTime<T>(
  call: Call,
  kind: RequestKind,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let signal = requestSignal(call, kind);
  const worthwhile = (error: unknown) =>
    error instanceof StorageError &&
    error.retryable &&
    // What took all its time would do so again.
    !signal.aborted &&
    leftMs(call) > LONGEST_PAUSE_MS;
  const policy = retry(handleWhen(worthwhile), {
    maxAttempts: call.retries,
    backoff: new ExponentialBackoff({
      generator: fullJitterGenerator,
      initialDelay: FIRST_PAUSE_MS,
      maxDelay: LONGEST_PAUSE_MS,
    }),
  });
  const request = () =>
    policy.execute(() => {
      signal = requestSignal(call, kind);
      return send(signal);
    });
  if (!call.circuit) return request();
  const waitMs = Math.min(leftMs(call), call.patienceMs);
  return call.circuit.run({ operation: call.operation, kind, waitMs }, request);
}

function requestSignal(call: Call, kind: RequestKind): AbortSignal {
  return AbortSignal.timeout(Math.min(leftMs(call), kind === "change" ? call.changeMs : READ_MS));
}

function leftMs(call: Call): number {
  return Math.max(0, Math.floor(call.endsAt - performance.now()));
}
