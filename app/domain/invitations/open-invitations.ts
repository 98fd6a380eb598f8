import { sql } from "#app/ports/db.server.ts";

/** How long an invitation stands; each time that it is sent begins anew. */
export const invitationDays = 7;

export function newExpiry(): Date {
  return new Date(Date.now() + invitationDays * 86_400_000);
}

/**
 * True of a row `i` of invitation that can still be accepted: until its last day, and for as long as whoever sent it
 * may still invite. What somebody sent out before their role was taken away would otherwise be a way back in.
 */
export const isOpen = sql`(i.state = 'pending' AND i.expires_at > now() AND EXISTS (
  SELECT FROM "user" inviter LEFT JOIN member m ON m.user_id = inviter.id AND m.account_id = i.account_id
  WHERE inviter.id = i.invited_by_id AND inviter.disabled_at IS NULL
    AND CASE WHEN i.account_id IS NULL THEN inviter.provider_role = 'operator' ELSE m.role = 'owner' END))`;
