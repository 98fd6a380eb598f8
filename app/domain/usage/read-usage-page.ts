import { db } from "#app/ports/db.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { InvalidInput } from "../errors.ts";
import { toInputIssues } from "../input-issues.ts";
import { monthAt, monthBeside } from "./calendar.ts";
import { readUsageByBucket, readUsageSummary } from "./read-usage.ts";
import { readUsageByDay } from "./read-usage-by-time.ts";
import { usageQuery } from "./schema.ts";

/**
 * A month of an account's usage as its page shows it. `previous` and `next` are the months beside it, from the
 * account's first to the present one. Throws InvalidInput for a month that is none.
 */
export async function readUsagePage(context: Context, query: Record<string, string>) {
  const accountId = authorizeInAccount(context, "usage:read");
  const month = monthOfQuery(query);
  const current = monthAt(new Date());
  const [account, summary, { buckets, total }, days] = await Promise.all([
    db.account.findUniqueOrThrow({ where: { id: accountId }, select: { activatedAt: true } }),
    readUsageSummary(context, month),
    readUsageByBucket(context, month),
    readUsageByDay(context, month),
  ]);
  const first = account.activatedAt ? monthAt(account.activatedAt) : current;
  return {
    month,
    isCurrent: month === current,
    previous: month > first ? monthBeside(month, -1) : null,
    next: month < current ? monthBeside(month, 1) : null,
    summary,
    buckets,
    bucketTotal: total,
    days,
  };
}

/** `?month=2026-03`, or the present month. Throws InvalidInput. */
export function monthOfQuery(query: Record<string, string>): string {
  const parsed = usageQuery.safeParse(query);
  if (!parsed.success) throw new InvalidInput(toInputIssues(parsed.error.issues));
  return parsed.data.month ?? monthAt(new Date());
}
