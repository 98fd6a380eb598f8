/**
 * When something is old enough for a lifecycle rule: its time plus the rule's days, rounded up to the next midnight
 * UTC. Made on 15 January at 10:30, it is three days old on 19 January at 00:00.
 *
 * Source: "Lifecycle rules: Based on an object's age", Amazon S3 user guide.
 */
export function dueAt(madeAt: Date, days: number): Date {
  const midnight = Math.ceil(madeAt.getTime() / dayMs + days) * dayMs;
  return new Date(Math.min(midnight, latest));
}

const dayMs = 86_400_000;
/** A rule may count more days than calendars have. */
const latest = Date.parse("9999-12-31T00:00:00Z");
