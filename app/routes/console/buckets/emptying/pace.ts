import type { Emptying } from "#app/domain/emptying/read-emptyings.ts";

/** Before that a rate says little. */
const settledAfterMs = 10_000;

type Pace = Pick<
  Emptying,
  "state" | "expected" | "removedVersions" | "removedMarkers" | "startedAt" | "progressAt" | "problem"
>;

/** Versions and delete markers a second since the beginning, waiting included; null before there is one. */
export function ratePerSecond({
  removedVersions,
  removedMarkers,
  startedAt,
  progressAt,
}: Pace): number | null {
  const elapsedMs = startedAt && progressAt ? progressAt.getTime() - startedAt.getTime() : 0;
  if (elapsedMs < 1_000) return null;
  return (Number(removedVersions + removedMarkers) / elapsedMs) * 1_000;
}

/**
 * How long the rest would take at that rate, in whole minutes; null where nobody could say: at the beginning, while it
 * waits for the engine, and where more is there than at the beginning.
 */
export function remainingMinutes(pace: Pace): number | null {
  const { state, expected, problem, startedAt, progressAt } = pace;
  const rate = ratePerSecond(pace);
  if (state !== "running" || problem || expected === null || !rate || !startedAt || !progressAt) return null;
  if (progressAt.getTime() - startedAt.getTime() < settledAfterMs) return null;
  const left = Number(expected - pace.removedVersions - pace.removedMarkers);
  return left < 0 ? null : Math.round(left / rate / 60);
}
