import { NoAnswer, PartRefused } from "./send-part.ts";
import { ApiProblem } from "./upload-api.ts";

const attempts = 8;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/**
 * Tries something again while it fails in ways that pass: about two minutes in all, and as long as the browser is
 * offline. The pauses double, and are drawn at random, so that many uploads do not come back at once.
 */
export async function patiently<Result>(
  signal: AbortSignal,
  run: (attempt: number) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(attempt);
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === attempts || !mayPass(error)) throw error;
      await pause(Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)) * Math.random(), signal);
      await online(signal);
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.status >= 500 || error.status === 429;
  // `fetch` says TypeError where there was no answer.
  return error instanceof NoAnswer || error instanceof PartRefused || error instanceof TypeError;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}

function online(signal: AbortSignal): Promise<void> {
  if (navigator.onLine) return Promise.resolve();
  return new Promise((resolve, reject) => {
    window.addEventListener("online", () => resolve(), { once: true, signal });
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
