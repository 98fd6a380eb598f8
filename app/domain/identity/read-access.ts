import type { AccountState, MemberRole, ProviderRole } from "#app/generated/prisma/enums.ts";
import { db, type Transaction } from "#app/ports/db.server.ts";
import { type Access, noAccess } from "../context.ts";

interface AccessRow {
  providerRole: ProviderRole | null;
  memberRole: MemberRole | null;
  accountState: AccountState | null;
  secondFactorMissing: boolean;
}

/**
 * What a user may do in an account (or, with null, outside of any), in one query. A disabled user
 * has no access at all. An account's state is told only to who has a part in it. The provider's staff must have a
 * second factor, and members of an account whose owner asks for one (ASVS 6.3.3).
 */
export async function readAccess(
  userId: string,
  accountId: string | null,
  tx: Transaction = db,
): Promise<Access> {
  const [row] = await tx.$queryRaw<AccessRow[]>`
    SELECT u.provider_role::text AS "providerRole", m.role::text AS "memberRole", a.state::text AS "accountState",
           (u.provider_role IS NOT NULL OR (m.id IS NOT NULL AND a.require_second_factor))
             AND f.user_id IS NULL AS "secondFactorMissing"
    FROM "user" u
    LEFT JOIN account a ON a.id = ${accountId}::uuid
    LEFT JOIN member m ON m.account_id = a.id AND m.user_id = u.id
    LEFT JOIN second_factor f ON f.user_id = u.id AND f.confirmed_at IS NOT NULL
    WHERE u.id = ${userId}::uuid AND u.disabled_at IS NULL`;
  if (!row) return noAccess;
  const belongs = row.memberRole !== null || row.providerRole !== null;
  return belongs ? row : noAccess;
}
