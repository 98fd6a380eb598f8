import { db } from "#app/ports/db.server.ts";
import { authorize } from "../authorization.ts";
import { type Context, userIdOf } from "../context.ts";

export interface OwnEvent {
  at: Date;
  action: string;
  outcome: string;
  /** Code of the refusal. */
  code: string | null;
  accountId: string | null;
  resourceType: string | null;
  resourceId: string | null;
  details: unknown;
  /** Address, device and what else names the person; null where it was erased. */
  personal: unknown;
}

const batchSize = 500;

/** All that the log says the caller did, oldest first, in parts: any number of events fits in memory. */
export async function* readOwnEvents(context: Context): AsyncGenerator<OwnEvent[], void, undefined> {
  authorize(context, "users:export-own");
  const userId = userIdOf(context);
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const rows = await db.$queryRaw<(OwnEvent & { id: string })[]>`
      SELECT e.id, e.occurred_at AS at, e.action, e.outcome::text AS outcome, e.code, e.account_id AS "accountId",
             e.resource_type AS "resourceType", e.resource_id AS "resourceId", e.details, p.values AS personal
      FROM audit_event e LEFT JOIN audit_personal p ON p.event_id = e.id
      WHERE e.actor_kind = 'user' AND e.actor_id = ${userId} AND e.id > ${after}::uuid
      ORDER BY e.id
      LIMIT ${batchSize}`;
    yield rows.map(({ id: _, ...event }) => event);
    const last = rows.at(-1);
    if (!last || rows.length < batchSize) return;
    after = last.id;
  }
}
