import { db, type Sql, sql, type Transaction } from "#app/ports/db.server.ts";
import { InvalidInput } from "../errors.ts";
import { timeZone } from "../time-zone.ts";
import { type OverlapChoice, overlapDays } from "./schema.ts";

/** Whoever needs both keys for longer has two programs, and gives each a key of its own. */
const longestDays = 365;
const dayMs = 86_400_000;

/** What bounds the time in which both keys work. */
export interface OverlapOf {
  accountId: string;
  oldExpiresAt: Date | null;
  /** Of a rotation that runs; null for one that begins now. */
  running: { startedAt: Date; until: Date; newExpiresAt: Date | null } | null;
}

/** Days are those of the installation's time zone, `2026-12-31`. */
export interface OverlapBounds {
  /** The first and the last day with which the time may end. Where the last comes first, there is none. */
  earliestDay: string;
  latestDay: string;
  /** Which of `overlapDays` end by then. */
  days: string[];
}

interface Frame extends OverlapBounds {
  /** The day that days count from. */
  fromDay: string;
  /** The very last moment, which may be earlier than the last day's end. */
  latest: Date;
}

type Reader = Pick<Transaction, "$queryRaw">;

/**
 * How long both keys of a rotation may work, for its form. The old key keeps its own end; the new one outlasts the old
 * one; and nobody prolongs a key past the account's policy by replacing it slowly.
 */
export async function readOverlapBounds(overlap: OverlapOf): Promise<OverlapBounds> {
  const { earliestDay, latestDay, days } = await readFrame(db, overlap);
  return { earliestDay, latestDay, days };
}

/**
 * When the time in which both keys work ends: with the last moment of the chosen day, or with the old key. Throws
 * InvalidInput for a day that is over or too far away, and for one that is no later than what holds already.
 */
export async function endOfOverlap(
  tx: Transaction,
  overlap: OverlapOf,
  choice: { overlap: OverlapChoice; untilDay?: string | undefined },
): Promise<Date> {
  const frame = await readFrame(tx, overlap);
  const day = choice.overlap === "date" ? (choice.untilDay ?? "") : dayAfter(frame.fromDay, choice.overlap);
  const path = [choice.overlap === "date" ? "untilDay" : "overlap"];
  if (day > frame.latestDay) {
    const isPossible = frame.earliestDay <= frame.latestDay;
    const message = isPossible ? "overlapTooLong" : "overlapImpossible";
    throw new InvalidInput([{ path, message, params: { latest: frame.latestDay } }]);
  }
  if (day < frame.earliestDay) {
    const message = overlap.running ? "overlapNotLonger" : "dateInThePast";
    throw new InvalidInput([{ path, message, params: {} }]);
  }
  const [end] = await tx.$queryRaw<{ at: Date }[]>`
    SELECT least(${endOf(sql`${day}::date`)}, ${frame.latest}::timestamptz) AS at`;
  if (!end) throw new Error("a query without tables answers one row");
  return end.at;
}

async function readFrame(reader: Reader, { accountId, oldExpiresAt, running }: OverlapOf): Promise<Frame> {
  const [row] = await reader.$queryRaw<Omit<Frame, "days">[]>`
    SELECT from_day::text AS "fromDay", latest, (latest AT TIME ZONE ${timeZone})::date::text AS "latestDay",
           (from_day + ${running ? 1 : 0}::int)::text AS "earliestDay"
    FROM (
      SELECT ${dayOf(running?.until ?? null)} AS from_day,
             least(${oldExpiresAt}::timestamptz,
                   ${running?.newExpiresAt ?? null}::timestamptz - interval '1 day',
                   ${endOf(sql`${dayOf(running?.startedAt ?? null)} + most`)}) AS latest
      FROM (
        -- A day less than a key may live: the new one is to outlast the old one.
        SELECT least(min(max_age_days) - 1, ${longestDays}::int) AS most
        FROM access_key_policy WHERE account_id = ${accountId}::uuid OR account_id IS NULL
      ) policy
    ) bounds`;
  if (!row) throw new Error("a query without tables answers one row");
  return { ...row, days: overlapDays.filter((days) => dayAfter(row.fromDay, days) <= row.latestDay) };
}

/** The day of a moment, or today. */
function dayOf(moment: Date | null): Sql {
  return sql`(coalesce(${moment}::timestamptz, now()) AT TIME ZONE ${timeZone})::date`;
}

/** The last millisecond of a day. */
function endOf(day: Sql): Sql {
  return sql`((${day} + 1)::timestamp AT TIME ZONE ${timeZone} - interval '1 millisecond')`;
}

/** So many days after a day, `2026-12-31`. */
export function dayAfter(day: string, days: number | string): string {
  return new Date(Date.parse(day) + Number(days) * dayMs).toISOString().slice(0, 10);
}
