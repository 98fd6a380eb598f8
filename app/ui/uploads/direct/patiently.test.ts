import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { patiently } from "./patiently.ts";
import { NoAnswer, PartRefused } from "./send-part.ts";
import { ApiProblem } from "./upload-api.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { onLine: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const never = new AbortController().signal;

async function attemptsWith(error: unknown, signal = never) {
  const run = vi.fn<() => Promise<never>>(() => Promise.reject(error));
  const result = patiently(signal, run).catch((thrown: unknown) => thrown);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  return { count: run.mock.calls.length, thrown: await result };
}

test.each([
  new NoAnswer(),
  new TypeError("Failed to fetch"),
  new PartRefused(503, "SlowDown"),
  new ApiProblem(503, "engine-uncertain", "away"),
])("tries again what may pass, and not for ever: %s", async (error) => {
  expect(await attemptsWith(error)).toEqual({ count: 8, thrown: error });
});

test.each([new ApiProblem(403, "forbidden", "no"), new Error("a bug")])(
  "says the rest at once: %s",
  async (error) => {
    expect(await attemptsWith(error)).toEqual({ count: 1, thrown: error });
  },
);

test("answers what the first success does", async () => {
  let calls = 0;
  const run = async (attempt: number) => {
    calls += 1;
    if (calls < 3) throw new NoAnswer();
    return attempt;
  };
  const result = patiently(never, run);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await result).toBe(3);
});

test("a pause ends when it is aborted", async () => {
  const abort = new AbortController();
  const run = vi.fn<() => Promise<never>>(() => Promise.reject(new NoAnswer()));
  const result = patiently(abort.signal, run).catch((thrown: unknown) => thrown);
  await vi.advanceTimersByTimeAsync(0);
  abort.abort();
  expect(await result).toMatchObject({ name: "AbortError" });
  expect(run).toHaveBeenCalledTimes(1);
});
