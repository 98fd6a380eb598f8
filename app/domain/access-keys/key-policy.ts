import { db, type Sql, sql, type Transaction } from "#app/ports/db.server.ts";
import { authorize, authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { InvalidInput } from "../errors.ts";
import { timeZone } from "../time-zone.ts";

/** What limits how old the keys of an account may get. */
export interface KeyPolicy {
  /** Days, set by the account's owner; null where they set none. */
  ownMaxAgeDays: number | null;
  /** Days, set by the provider for all accounts. */
  providerMaxAgeDays: number | null;
  /** The stricter of the two. */
  maxAgeDays: number | null;
}

/** What counts in an account, and for a key that is made today. */
export interface AllowedEnd extends KeyPolicy {
  /** The latest day, `2026-12-31`, that may be a new key's last; null where it may be any, or none. */
  latestDay: string | null;
  /** Today in the installation's time zone, `2026-12-31`. */
  today: string;
}

type Reader = Pick<Transaction, "$queryRaw">;

/** The policy of an account, and what it allows a key that is made now. One query. */
export async function readAllowedEnd(accountId: string, reader: Reader = db): Promise<AllowedEnd> {
  const [row] = await reader.$queryRaw<AllowedEnd[]>`
    SELECT own AS "ownMaxAgeDays", provider AS "providerMaxAgeDays", least(own, provider) AS "maxAgeDays",
           today::text AS today, (today + least(own, provider))::text AS "latestDay"
    FROM (
      SELECT (now() AT TIME ZONE ${timeZone})::date AS today,
             (SELECT max_age_days FROM access_key_policy WHERE account_id = ${accountId}::uuid) AS own,
             (SELECT max_age_days FROM access_key_policy WHERE account_id IS NULL) AS provider
    ) policy`;
  if (!row) throw new Error("a query without tables answers one row");
  return row;
}

/** How old the account's keys may get, and what that means for one that is made today. */
export async function getKeyPolicy(context: Context): Promise<AllowedEnd> {
  return readAllowedEnd(authorizeInAccount(context, "access-keys:read-policy"));
}

/** How old keys may get in all accounts, in days; null where the provider leaves it to them. */
export async function getKeyPolicyForAll(context: Context): Promise<number | null> {
  authorize(context, "access-keys:read-policy");
  const policy = await db.accessKeyPolicy.findFirst({
    where: { accountId: null },
    select: { maxAgeDays: true },
  });
  return policy?.maxAgeDays ?? null;
}

/**
 * Refuses a new key that would work for longer than the account's policy and the provider's allow, or without an end.
 * Throws InvalidInput on `expiresOn`. Keys that are there already are not asked: people replace them.
 */
export async function requireAllowedEnd(
  tx: Transaction,
  accountId: string,
  expiresAt: Date | null,
): Promise<void> {
  const { maxAgeDays, latestDay } = await readAllowedEnd(accountId, tx);
  if (maxAgeDays === null) return;
  const params = { days: maxAgeDays, latest: latestDay ?? "" };
  if (!expiresAt) throw new InvalidInput([{ path: ["expiresOn"], message: "endRequired", params }]);
  const [{ isAllowed } = { isAllowed: false }] = await tx.$queryRaw<{ isAllowed: boolean }[]>`
    SELECT ${expiresAt}::timestamptz <= ${lastMoment(sql`now()`, maxAgeDays)} AS "isAllowed"`;
  if (!isAllowed) throw new InvalidInput([{ path: ["expiresOn"], message: "endPastPolicy", params }]);
}

/**
 * The last moment at which a key that was made at `createdAt` (SQL) may work: the end of a day in the installation's
 * zone, as all ends of keys are.
 */
export function lastMoment(createdAt: Sql, maxAgeDays: number) {
  return sql`((((${createdAt} AT TIME ZONE ${timeZone})::date + ${maxAgeDays}::int + 1)::timestamp
               AT TIME ZONE ${timeZone}) - interval '1 millisecond')`;
}
