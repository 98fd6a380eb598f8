import type { AuditOutcome } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import { authorize } from "../../authorization.ts";
import type { Context } from "../../context.ts";
import { userHistoryActions } from "./states.ts";

export interface UserEvent {
  id: string;
  at: Date;
  action: (typeof userHistoryActions)[number];
  outcome: AuditOutcome;
  /** Name of who did it; null where that was the person, the system or somebody who is forgotten. */
  actorName: string | null;
  /** Where the request came from; null where that was erased, or where there was none. */
  address: string | null;
  /** What an operator gave as the reason. */
  reason: string | null;
}

/** How somebody signed in of late and what was done to their user, newest first, the last 20. */
export async function listUserHistory(context: Context, userId: string): Promise<UserEvent[]> {
  authorize(context, "users:read");
  return db.$queryRaw<UserEvent[]>`
    SELECT e.id, e.occurred_at AS at, e.action, e.outcome::text AS outcome, actor.name AS "actorName",
           p.values->>'address' AS address, e.details->>'reason' AS reason
    FROM audit_event e
    LEFT JOIN audit_personal p ON p.event_id = e.id
    LEFT JOIN "user" actor ON e.actor_kind = 'user' AND actor.id::text = e.actor_id AND actor.id <> ${userId}::uuid
    WHERE e.resource_type = 'user' AND e.resource_id = ${userId} AND e.action = ANY(${[...userHistoryActions]})
    ORDER BY e.occurred_at DESC, e.id DESC
    LIMIT 20`;
}
