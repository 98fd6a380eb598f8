import { z } from "zod";
import type { AccountState } from "#app/generated/prisma/enums.ts";
import { db, emptySql, sql } from "#app/ports/db.server.ts";
import { authorize } from "../authorization.ts";
import type { Context } from "../context.ts";
import { cursorParameter, pageOf } from "../paging.ts";
import { meteredStates } from "./metered-states.ts";

export interface CollectionCounts {
  /** Accounts that are measured. */
  accounts: number;
  /** Of those, where the last try failed. */
  failing: number;
  /** Of those, where none has succeeded yet. */
  neverMeasured: number;
  /** When the engine was last asked about any account with success. */
  measuredAt: Date | null;
  /** The same of the account that was left the longest; null where one was never measured. */
  oldestMeasuredAt: Date | null;
}

/** How measuring goes over all accounts. */
export async function countCollections(context: Context): Promise<CollectionCounts> {
  authorize(context, "usage:read");
  const [counts] = await db.$queryRaw<CollectionCounts[]>`
    SELECT count(*)::int AS accounts,
      count(*) FILTER (WHERE c.last_error IS NOT NULL)::int AS failing,
      count(*) FILTER (WHERE c.measured_at IS NULL)::int AS "neverMeasured",
      max(c.measured_at) AS "measuredAt",
      CASE WHEN bool_and(c.measured_at IS NOT NULL) THEN min(c.measured_at) END AS "oldestMeasuredAt"
    FROM account a LEFT JOIN usage_collection c ON c.account_id = a.id
    WHERE a.state = ANY(${meteredStates}::account_state[])`;
  return counts ?? { accounts: 0, failing: 0, neverMeasured: 0, measuredAt: null, oldestMeasuredAt: null };
}

export interface AccountCollection {
  id: string;
  slug: string;
  name: string;
  state: AccountState;
  measuredAt: Date | null;
  lastError: string | null;
  /** As last measured; null before the first time. */
  storedBytes: bigint | null;
}

/** In place of a time for what was never measured: it comes first of all. */
const beforeAll = new Date("2000-01-01");

const collectionFilter = z.object({
  state: z.enum(["failing"]).optional().catch(undefined),
  after: cursorParameter,
});

/** Every measured account, the one left the longest first, 25 a page; only the failing ones on request. */
export async function listCollections(context: Context, query: Record<string, string>) {
  authorize(context, "usage:read");
  const { state, after: cursor } = collectionFilter.parse(query);
  const measuredAt = sql`coalesce(c.measured_at, ${beforeAll})`;
  const rows = await db.$queryRaw<AccountCollection[]>`
    SELECT a.id, a.slug, a.name, a.state::text AS state, c.measured_at AS "measuredAt",
      c.last_error AS "lastError", stored.bytes AS "storedBytes"
    FROM account a
    LEFT JOIN usage_collection c ON c.account_id = a.id
    LEFT JOIN LATERAL (
      SELECT coalesce(sum(quantity), 0)::bigint AS bytes FROM (
        SELECT DISTINCT ON (bucket) quantity FROM usage_record
        WHERE account_id = a.id AND metric = 'stored_bytes' AND hour = date_trunc('hour', c.measured_at, 'UTC')
        ORDER BY bucket, revision DESC
      ) latest
    ) stored ON c.measured_at IS NOT NULL
    WHERE a.state = ANY(${meteredStates}::account_state[])
      ${state === "failing" ? sql`AND c.last_error IS NOT NULL` : emptySql}
      ${cursor ? sql`AND (${measuredAt}, a.id) > (${cursor.at}, ${cursor.id}::uuid)` : emptySql}
    ORDER BY ${measuredAt}, a.id
    LIMIT ${pageOf.size + 1}`;
  const page = pageOf(rows, (row) => ({ at: row.measuredAt ?? beforeAll, id: row.id }));
  return { ...page, onlyFailing: state === "failing", isFirst: !cursor };
}
