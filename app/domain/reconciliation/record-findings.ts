import { z } from "zod";
import type { Transaction } from "#app/ports/db.server.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { listOwners } from "../members/read-members.ts";
import { notify } from "../notifications/notify.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { type Difference, keyOf, saysTheSame, storedSides } from "./findings.ts";

/** More than this are counted and not named in the audit log. */
const namedInAudit = 50;

/**
 * Keeps what a check found: new differences become findings, about which the account's owners are told;
 * known ones say what they say now; those that are gone are closed as such. A finding that somebody has decided on
 * is left to the job that carries the decision out.
 *
 * Does nothing where a later reading was faster.
 */
export const recordFindings = command({
  action: "findings:record",
  input: z.object({
    /** When the engine was asked. */
    at: z.date(),
    present: z.array(z.custom<Difference>((value) => typeof value === "object")),
    /** Ids of findings. */
    gone: z.array(z.uuid()),
  }),

  async run({ tx, input: { at, present, gone }, context }) {
    const accountId = accountIdOf(context);
    await oneAtATime(tx, `findings:${accountId}`);
    const check = await tx.reconciliationCheck.findUnique({ where: { accountId } });
    if (check?.checkedAt && check.checkedAt > at) return { opened: [], closed: [] };

    const opened = await openOrUpdate(tx, { accountId, at, present });
    if (opened.length > 0) await tellOwners(tx, accountId);
    const closed = await tx.finding.updateManyAndReturn({
      where: { id: { in: gone }, accountId, state: "open" },
      data: { state: "closed", outcome: "disappeared", closedAt: at },
      select: { kind: true, resource: true },
    });
    return { opened, closed };
  },

  audit: ({ output: { opened, closed } }) => ({
    resourceType: "finding",
    details: {
      openedCount: opened.length,
      opened: opened.slice(0, namedInAudit).map(keyOf),
      disappearedCount: closed.length,
      disappeared: closed.slice(0, namedInAudit).map(keyOf),
    },
  }),
});

/** Answers those that are new. */
async function openOrUpdate(
  tx: Transaction,
  { accountId, at, present }: { accountId: string; at: Date; present: readonly Difference[] },
): Promise<Difference[]> {
  const rows = await tx.finding.findMany({
    where: { accountId, state: { not: "closed" } },
    select: { id: true, kind: true, resource: true, sides: true },
  });
  const known = new Map(rows.map((row) => [keyOf(row), row]));
  for (const { consoleSays, engineSays, ...found } of present) {
    const row = known.get(keyOf(found));
    if (!row || saysTheSame(storedSides.parse(row.sides), { consoleSays, engineSays })) continue;
    await tx.finding.updateMany({
      where: { id: row.id, state: "open" },
      data: { sides: { consoleSays, engineSays } },
    });
  }
  const opened = present.filter((found) => !known.has(keyOf(found)));
  await tx.finding.createMany({
    data: opened.map(({ kind, resource, consoleSays, engineSays }) => ({
      accountId,
      kind,
      resource,
      sides: { consoleSays, engineSays },
      firstSeenAt: at,
      lastSeenAt: at,
    })),
  });
  return opened;
}

/** Once for all that is new, and not again for what they know. */
async function tellOwners(tx: Transaction, accountId: string): Promise<void> {
  const userIds = await listOwners(tx, accountId);
  await notify(tx, { kind: "storage-changed-elsewhere", userIds, accountId });
}
