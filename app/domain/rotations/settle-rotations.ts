import { db } from "#app/ports/db.server.ts";
import { systemContext } from "../context.ts";
import { revokeAndSettle } from "./revoke-and-settle.ts";
import { settleRotation } from "./settle-rotation.ts";
import { warnOfEnd } from "./warn-of-end.ts";

/** Rotations of one run; the next one is a minute away. */
const batch = 200;

interface Due {
  id: string;
  accountId: string;
}

/**
 * What a clock must see to: old keys are revoked when their time is over, rotations end with their keys, and people are
 * told of ends that come up. Runs every minute, and at the end of each overlap. Each step is safe to repeat after a
 * crash, and two runs at once take it once.
 */
export async function settleRotations(jobId: string): Promise<void> {
  for (const { id, accountId } of await findDue()) {
    const context = systemContext("settle-rotations", accountId, jobId);
    const { step, oldKeyId } = await settleRotation(context, { id });
    if (step === "end-overlap" && oldKeyId) await revokeAndSettle(context, { id, oldKeyId });
  }
  await warnOfEnds(jobId);
}

/** What `settleRotation` has a step for. */
function findDue(): Promise<Due[]> {
  return db.$queryRaw`
    SELECT r.id, r.account_id AS "accountId"
    FROM access_key_rotation r
    JOIN access_key o ON o.id = r.old_key_id
    JOIN access_key n ON n.id = r.new_key_id
    WHERE r.state = 'running' AND (
      o.state = 'revoked'
      OR (o.state <> 'revoking' AND (n.state IN ('revoking', 'revoked') OR r.until <= now())))
    ORDER BY r.until, r.id
    LIMIT ${batch}`;
}

/** A day before the end, or halfway to it where there is less time than two days. */
async function warnOfEnds(jobId: string): Promise<void> {
  const due = await db.$queryRaw<(Due & { until: Date })[]>`
    SELECT r.id, r.account_id AS "accountId", r.until
    FROM access_key_rotation r
    JOIN access_key o ON o.id = r.old_key_id
    WHERE r.state = 'running' AND r.warned_at IS NULL AND r.until > now()
      AND o.state NOT IN ('revoking', 'revoked')
      AND now() >= r.until - least(interval '1 day', (r.until - r.created_at) / 2)
    ORDER BY r.until, r.id
    LIMIT ${batch}`;
  for (const { accountId, ...rotation } of due) {
    await warnOfEnd(systemContext("settle-rotations", accountId, jobId), rotation);
  }
}
