import { sql } from "#app/ports/db.server.ts";
import { timeZone } from "../time-zone.ts";

const monthOf = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit" });

/** The calendar month of a moment in the installation's zone, `2026-03`. */
export function monthAt(time: Date): string {
  return monthOf.format(time);
}

/** The month before (-1) or after (1) one, `2026-03`. */
export function monthBeside(month: string, step: -1 | 1): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + step)).toISOString().slice(0, 7);
}

/**
 * First instant of a month in the installation's zone, as PostgreSQL's IANA tables have it: the day on which
 * clocks change makes months of 719 or 745 hours.
 */
export function startOfMonth(month: string) {
  return sql`(${`${month}-01`}::timestamp AT TIME ZONE ${timeZone})`;
}

/** First instant of the month after it. */
export function endOfMonth(month: string) {
  return startOfMonth(monthBeside(month, 1));
}
