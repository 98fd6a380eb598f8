import { db, sql, type Transaction } from "#app/ports/db.server.ts";

/** Who asks a person for a second factor; nobody, where both are empty. */
export interface Requirement {
  /** They work for the provider. */
  isStaff: boolean;
  /** Names of their accounts whose owner asks all members for one. */
  accounts: string[];
}

/** Names of the accounts of a row `u` of user whose owner asks all members for a second factor, at most 20. */
export const requiringAccounts = sql`ARRAY(
  SELECT a.name FROM member m JOIN account a ON a.id = m.account_id
  WHERE m.user_id = u.id AND a.require_second_factor ORDER BY a.name LIMIT 20)`;

/** Why a person must have a second factor. */
export async function readRequirement(userId: string, tx: Transaction = db): Promise<Requirement> {
  const [row] = await tx.$queryRaw<Requirement[]>`
    SELECT u.provider_role IS NOT NULL AS "isStaff",
           ${requiringAccounts} AS accounts
    FROM "user" u WHERE u.id = ${userId}::uuid`;
  return row ?? { isStaff: false, accounts: [] };
}

/** True where somebody asks for it. */
export function isRequired({ isStaff, accounts }: Requirement): boolean {
  return isStaff || accounts.length > 0;
}
