import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleType } from "cockatiel";
import type { EngineHealth } from "../driver.ts";
import { StorageError } from "../errors.ts";

/** How long an open circuit stays so before the engine is asked again: shorter than a call for a page waits. */
const PROBE_PAUSE_MS = 150;
/** For how long nothing may have been answered before a request that timed out speaks for the whole engine. */
const SILENCE_MS = 1_000;

/** Whether a request only asks, or changes something at the engine. */
export type RequestKind = "read" | "change";

/** Lets requests through to one engine, or fails them at once while it cannot be reached. */
export interface Circuit {
  /**
   * Runs one request with its retries.
   *
   * @param about `waitMs`: how long it may wait for an open circuit to close
   * @throws StorageError `unavailable` (`CircuitOpen`) where it did not
   */
  run<T>(
    about: { operation: string; kind: RequestKind; waitMs: number },
    request: () => Promise<T>,
  ): Promise<T>;
  health(): EngineHealth;
}

/**
 * A circuit that opens when a request, repeated within its time, got no usable answer and no other request was
 * answered meanwhile either: so one tenant's broken bucket opens nothing, and one page that hit its deadline spares
 * the next ones theirs. Answers of any other kind (`denied`, `not-found`, a conflict) are answers.
 *
 * While it is open, a probe of its own asks for the engine, so that nobody's page or job is risked for that, and
 * recovery does not wait for traffic.
 *
 * @param probe a short signed request; throws `unavailable` while the engine does not answer
 */
export function createCircuit(probe: () => Promise<unknown>): Circuit {
  const breaker = circuitBreaker(handleType(Unreachable), {
    breaker: new ConsecutiveBreaker(1),
    halfOpenAfter: PROBE_PAUSE_MS,
  });
  let state: EngineHealth["state"] = "closed";
  let since = new Date();
  let lastError: EngineHealth["lastError"] = null;
  let lastAnswerAt = 0;

  breaker.onStateChange((to) => {
    const wasClosed = state === "closed";
    state = to === CircuitState.Closed ? "closed" : to === CircuitState.Open ? "open" : "probing";
    // Probes go to and fro between open and half open for as long as one outage lasts.
    if (wasClosed !== (state === "closed")) since = new Date();
    if (to === CircuitState.Open) probeLater();
  });

  function probeLater(): void {
    // Not before the pause is over, or the breaker would refuse the probe like any other request.
    setTimeout(() => void attempt("probe", probe).catch(rescheduleIfEarly), PROBE_PAUSE_MS + 10).unref();
  }

  // Whatever else a probe comes to changes the state, which schedules the next one where that is due.
  function rescheduleIfEarly(error: unknown): void {
    if (error instanceof BrokenCircuitError) probeLater();
  }

  async function attempt<T>(kind: RequestKind | "probe", request: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await breaker.execute(async () => {
        try {
          const answer = await request();
          lastAnswerAt = performance.now();
          return answer;
        } catch (error) {
          if (!isUnanswered(error)) lastAnswerAt = performance.now();
          else if (speaksForEngine(kind, error, startedAt, lastAnswerAt)) throw new Unreachable(error);
          throw error;
        }
      });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      lastError = { message: error.reason.message, at: new Date() };
      throw error.reason;
    }
  }

  /** Resolves when the circuit has closed or the time is over. */
  function closed(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        listener.dispose();
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      const listener = breaker.onReset(done);
    });
  }

  return {
    async run({ operation, kind, waitMs }, request) {
      if (breaker.state !== CircuitState.Closed) await closed(waitMs);
      if (breaker.state !== CircuitState.Closed) {
        throw new StorageError("unavailable", { operation, engineCode: "CircuitOpen" });
      }
      return attempt(kind, request);
    },
    health: () => ({ state, since, lastError }),
  };
}

/** What counts against the engine. */
class Unreachable extends Error {
  readonly reason: StorageError;

  constructor(reason: StorageError) {
    super(reason.message);
    this.reason = reason;
  }
}

/** No answer, or one that a proxy or a broken engine gives; not the engine's own word about two calls that met. */
function isUnanswered(error: unknown): error is StorageError {
  return (
    error instanceof StorageError &&
    error.code === "unavailable" &&
    (error.status === undefined || error.status >= 500)
  );
}

function speaksForEngine(
  kind: RequestKind | "probe",
  error: StorageError,
  startedAt: number,
  lastAnswerAt: number,
): boolean {
  if (kind === "probe") return true;
  if (error.engineCode === "DeadlineExceeded") {
    // A gateway that works may hold up a change for 30 s, because another one died (call.ts).
    if (kind === "change") return false;
    // A deadline may be short, because little of the call's time was left.
    return performance.now() - Math.max(startedAt, lastAnswerAt) >= SILENCE_MS;
  }
  return lastAnswerAt < startedAt;
}
