import { db, sql } from "#app/ports/db.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { timeZone } from "../time-zone.ts";
import { endOfMonth, monthAt, startOfMonth } from "./calendar.ts";
import { flows, latestRecords, stocks, within } from "./latest-records.ts";
import type { Flows, Stocks } from "./read-usage.ts";

const dayMs = 86_400_000;

export interface DayUsage extends Flows, Stocks {
  /** In the installation's zone, `2026-03-31`. */
  day: string;
}

/**
 * The days of a month in the installation's zone, from the account's first to the last that was measured, days
 * without usage too. What was stored is that of the day's last measurement.
 */
export async function readUsageByDay(context: Context, month = monthAt(new Date())): Promise<DayUsage[]> {
  const accountId = authorizeInAccount(context, "usage:read");
  return db.$queryRaw<DayUsage[]>`
    WITH record AS (
      SELECT *, (hour AT TIME ZONE ${timeZone})::date AS day FROM ${latestRecords(accountId, within(month))}
    ), last_measured AS (
      SELECT day, max(hour) AS hour FROM record WHERE metric = 'stored_bytes' GROUP BY day
    ), counted AS (
      SELECT record.* FROM record LEFT JOIN last_measured USING (day)
      WHERE record.metric NOT IN ('stored_bytes', 'objects') OR record.hour = last_measured.hour
    ), month_day AS (
      SELECT generate_series(greatest(first, active), least(last, measured), interval '1 day')::date AS day
      FROM (
        SELECT ${`${month}-01`}::timestamp AS first,
          ${`${month}-01`}::timestamp + interval '1 month - 1 day' AS last,
          date_trunc('day', a.activated_at, ${timeZone}) AT TIME ZONE ${timeZone} AS active,
          c.measured_at AT TIME ZONE ${timeZone} AS measured
        FROM account a JOIN usage_collection c ON c.account_id = a.id
        WHERE a.id = ${accountId}::uuid AND c.measured_at IS NOT NULL
      ) bounds
    )
    SELECT to_char(month_day.day, 'YYYY-MM-DD') AS day, ${stocks}, ${flows}
    FROM month_day LEFT JOIN counted ON counted.day = month_day.day
    GROUP BY month_day.day
    ORDER BY month_day.day`;
}

export interface HourUsage extends Flows, Stocks {
  /** Start of the UTC hour. */
  hour: Date;
  bucket: string;
}

/**
 * A month by UTC hour and bucket, in this order, in parts: any number of hours fits in memory. Refuses when it is
 * called, not while it is read.
 */
export function readUsageByHour(
  context: Context,
  month = monthAt(new Date()),
): AsyncGenerator<HourUsage[], void, undefined> {
  return hoursOf(authorizeInAccount(context, "usage:read"), month);
}

async function* hoursOf(accountId: string, month: string): AsyncGenerator<HourUsage[], void, undefined> {
  const [bounds] = await db.$queryRaw<{ from: Date; to: Date }[]>`
    SELECT ${startOfMonth(month)} AS "from", ${endOfMonth(month)} AS "to"`;
  if (!bounds) throw new Error("a query without FROM has one row");
  const end = bounds.to.getTime();
  for (let from = bounds.from.getTime(); from < end; from += dayMs) {
    const to = Math.min(from + dayMs, end);
    const hours = sql`u.hour >= ${new Date(from)} AND u.hour < ${new Date(to)}`;
    const rows = await db.$queryRaw<HourUsage[]>`
      SELECT hour, bucket, ${stocks}, ${flows} FROM ${latestRecords(accountId, hours)}
      GROUP BY hour, bucket
      ORDER BY hour, bucket`;
    if (rows.length > 0) yield rows;
  }
}
