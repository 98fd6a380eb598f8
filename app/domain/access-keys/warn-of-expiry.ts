import { z } from "zod";
import { db } from "#app/ports/db.server.ts";
import { command } from "../command.ts";
import { accountIdOf, systemContext } from "../context.ts";
import { notify } from "../notifications/notify.ts";
import { timeZone } from "../time-zone.ts";
import { listConcerned } from "./concerned.ts";

/** People are told so many days before a key's last day, the last one first. */
const warnedDaysBefore = [1, 7] as const;
/** Keys that are read at a time. */
const batch = 200;

/**
 * Tells of keys whose last day comes up, once for each number of days. The days are those of the installation's zone.
 * A run that comes late, or was cut short, tells what is still to be told; two runs at once tell it once.
 */
export async function warnOfExpiry(jobId: string): Promise<void> {
  for (const daysBefore of warnedDaysBefore) {
    for (let due = await findDue(daysBefore); due.length > 0; due = await findDue(daysBefore)) {
      for (const { accountId, ...key } of due) {
        await warnOfKeyExpiry(systemContext("warn-of-expiry", accountId, jobId), { ...key, daysBefore });
      }
    }
  }
}

/**
 * Keys that nobody was told of so many days before, nor later: who hears "tomorrow" needs no "in a week" after it.
 * A key that was made for less time than that is left out: its maker has just chosen the day.
 */
function findDue(daysBefore: number): Promise<{ id: string; accountId: string; expiresAt: Date }[]> {
  return db.$queryRaw`
    SELECT k.id, k.account_id AS "accountId", k.expires_at AS "expiresAt"
    FROM access_key k
    WHERE k.state = 'active' AND k.expires_at > now()
      AND k.expires_at < (date_trunc('day', now() AT TIME ZONE ${timeZone}) + (${daysBefore}::int + 1) * interval '1 day')
                         AT TIME ZONE ${timeZone}
      AND k.created_at < k.expires_at - ${daysBefore}::int * interval '1 day'
      AND NOT EXISTS (
        SELECT 1 FROM expiry_warning w
        WHERE w.access_key_id = k.id AND w.expires_at = k.expires_at AND w.days_before <= ${daysBefore}::int
      )
    ORDER BY k.expires_at, k.id
    LIMIT ${batch}`;
}

const warnOfKeyExpiry = command({
  action: "access-keys:warn-of-expiry",
  input: z.object({ id: z.uuid(), expiresAt: z.date(), daysBefore: z.number().int() }),

  async run({ tx, input: { id, expiresAt, daysBefore }, context }) {
    const accountId = accountIdOf(context);
    const key = await tx.accessKey.findFirst({
      where: { id, accountId, state: "active", expiresAt },
      select: { name: true, createdById: true },
    });
    // Revoked meanwhile, or given another end.
    if (!key) return { told: 0 };
    // Of two runs at once, one inserts the row.
    const { count } = await tx.expiryWarning.createMany({
      data: [{ accessKeyId: id, expiresAt, daysBefore }],
      skipDuplicates: true,
    });
    if (count === 0) return { told: 0 };
    const userIds = await listConcerned(tx, accountId, key.createdById);
    await notify(tx, {
      kind: "access-key-expiring",
      userIds,
      accountId,
      data: { keyId: id, name: key.name, expiresAt: expiresAt.toISOString() },
    });
    return { told: userIds.length };
  },

  audit: ({ input, output }) => ({
    resourceType: "access-key",
    resourceId: input.id,
    details: { daysBefore: input.daysBefore, toldCount: output.told },
  }),
});
