/**
 * When something is old enough for a lifecycle rule: its time plus the rule's days, rounded up to the next midnight
 * UTC.
 *
 * Source: "Lifecycle rules: Based on an object's age", Amazon S3 user guide.
 */

export const DAY_MS = 86_400_000;

/** No rule's days lead past these, which every part of the system can write. */
const EARLIEST = Date.parse("0001-01-01T00:00:00Z");
const LATEST = Date.parse("9999-12-31T00:00:00Z");

/** The midnight at which something that was made at `madeAt` becomes `days` old. */
export function dueAt(madeAt: Date, days: number): Date {
  const midnight = Math.ceil(madeAt.getTime() / DAY_MS + days) * DAY_MS;
  return new Date(Math.min(midnight, LATEST));
}

/**
 * The latest time at which something can have been made that is `days` old by now.
 *
 * @param dayMs where days are shorter, for tests, nothing waits for their end
 */
export function cutoff(now: Date, days: number, dayMs = DAY_MS): Date {
  const time = now.getTime();
  const lastMidnight = dayMs === DAY_MS ? Math.floor(time / DAY_MS) * DAY_MS : time;
  return new Date(Math.max(lastMidnight - days * dayMs, EARLIEST));
}
