import { db } from "#app/ports/db.server.ts";
import { authorizeInAccount, can } from "../authorization.ts";
import { type Context, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";

/** What an account's owner has decided, and what that means for its members. */
export interface AccountSettings {
  requireSecondFactor: boolean;
  members: number;
  /** Members who have no second factor. */
  membersWithout: number;
  /** The caller has one. */
  hasSecondFactor: boolean;
  canRequireSecondFactor: boolean;
}

/** The settings of the account in scope, in one query. */
export async function readSettings(context: Context): Promise<AccountSettings> {
  const accountId = authorizeInAccount(context, "accounts:read-settings");
  const [row] = await db.$queryRaw<Omit<AccountSettings, "canRequireSecondFactor">[]>`
    SELECT a.require_second_factor AS "requireSecondFactor", count(m.id)::int AS members,
           count(m.id) FILTER (WHERE f.user_id IS NULL)::int AS "membersWithout",
           EXISTS (SELECT FROM second_factor own
                   WHERE own.user_id = ${userIdOf(context)}::uuid AND own.confirmed_at IS NOT NULL)
             AS "hasSecondFactor"
    FROM account a
    LEFT JOIN member m ON m.account_id = a.id
    LEFT JOIN second_factor f ON f.user_id = m.user_id AND f.confirmed_at IS NOT NULL
    WHERE a.id = ${accountId}::uuid
    GROUP BY a.id`;
  if (!row) throw new DomainError("not-found");
  return { ...row, canRequireSecondFactor: can(context, "accounts:require-second-factor") };
}
