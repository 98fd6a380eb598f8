import type { FindingKind, FindingOutcome, FindingState } from "#app/generated/prisma/enums.ts";
import { db, emptySql, literalPattern, type Sql, sql } from "#app/ports/db.server.ts";
import { authorize, authorizeInAccount, can, permissions } from "../authorization.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { pageOf } from "../paging.ts";
import { type Choices, choicesFor } from "./choices.ts";
import { type Difference, type Sides, storedSides } from "./findings.ts";
import { findingFilter } from "./schema.ts";

export interface FindingListed {
  id: string;
  kind: FindingKind;
  /** See {@link Difference}. */
  resource: string;
  /** What the console calls the key; null for anything else, and for a key that it does not know. */
  name: string | null;
  state: FindingState;
  outcome: FindingOutcome | null;
  firstSeenAt: Date;
  lastSeenAt: Date;
  closedAt: Date | null;
}

export interface FindingOfAccount extends FindingListed {
  accountSlug: string;
  accountName: string;
}

/** All accounts' findings, newest first, 25 a page: those that are not closed, or on request those that are. */
export async function listAllFindings(context: Context, query: Record<string, string>) {
  authorize(context, "findings:list-all");
  const { rows, ...place } = await listWhere(query, ({ q }) =>
    q ? sql`(a.name ILIKE ${`%${literalPattern(q)}%`} OR a.slug = ${q})` : sql`true`,
  );
  return { findings: rows, ...place };
}

/** One account's findings, in the same way. */
export async function listFindings(context: Context, query: Record<string, string>) {
  const accountId = authorizeInAccount(context, "findings:list");
  const { rows, ...place } = await listWhere(query, () => sql`f.account_id = ${accountId}::uuid`);
  const findings = rows.map(({ accountName: _, accountSlug: __, ...row }): FindingListed => row);
  return { findings, ...place };
}

const keyName = sql`CASE WHEN starts_with(f.kind::text, 'key_') THEN f.sides -> 'consoleSays' ->> 'name' END`;

async function listWhere(query: Record<string, string>, restriction: (filter: { q: string }) => Sql) {
  const { kind, state, q, after: cursor } = findingFilter.parse({ q: "", ...query });
  const rows = await db.$queryRaw<FindingOfAccount[]>`
    SELECT f.id, f.kind::text AS kind, f.resource, ${keyName} AS name, f.state::text AS state, f.outcome::text AS outcome,
           f.first_seen_at AS "firstSeenAt", f.last_seen_at AS "lastSeenAt", f.closed_at AS "closedAt",
           a.slug AS "accountSlug", a.name AS "accountName"
    FROM finding f JOIN account a ON a.id = f.account_id
    WHERE ${restriction({ q })} AND ${state === "closed" ? sql`f.state = 'closed'` : sql`f.state <> 'closed'`}
      ${kind ? sql`AND f.kind = ${kind}::finding_kind` : emptySql}
      ${cursor ? sql`AND (f.first_seen_at, f.id) < (${cursor.at}, ${cursor.id}::uuid)` : emptySql}
    ORDER BY f.first_seen_at DESC, f.id DESC
    LIMIT ${pageOf.size + 1}`;
  const page = pageOf(rows, (row) => ({ at: row.firstSeenAt, id: row.id }));
  return { ...page, filter: { q, kind: kind ?? "", state: state ?? "" }, isFirst: !cursor };
}

export interface FindingShown extends FindingListed, Sides {
  /** Why what was decided has not been done, a code; null where nothing stands in the way. */
  lastError: string | null;
  decidedAt: Date | null;
  decidedBy: string | null;
  choices: Choices;
  /** Whether the caller may decide on it, as far as roles and the account's state go. */
  mayAdopt: boolean;
  mayUndo: boolean;
}

/** One finding of the account. */
export async function getFinding(context: Context, id: string): Promise<FindingShown> {
  const accountId = authorizeInAccount(context, "findings:list");
  const row = await db.finding.findFirst({
    where: { id, accountId },
    select: {
      id: true,
      kind: true,
      resource: true,
      sides: true,
      state: true,
      outcome: true,
      firstSeenAt: true,
      lastSeenAt: true,
      closedAt: true,
      lastError: true,
      decidedAt: true,
      decidedBy: { select: { name: true } },
    },
  });
  if (!row) throw new DomainError("not-found");
  const { sides: stored, decidedBy, ...rest } = row;
  const sides = storedSides.parse(stored);
  const choices = choicesFor({ kind: row.kind, ...sides });
  const isTheirs = choices.decidedBy === "account" || can(context, "findings:decide-tenant");
  const isOpen = row.state === "open" && isTheirs;
  return {
    ...rest,
    ...sides,
    name: (row.kind.startsWith("key_") && sides.consoleSays?.name) || null,
    decidedBy: decidedBy?.name ?? null,
    choices,
    mayAdopt: isOpen && choices.adopt === null && isPossible(context, "findings:adopt"),
    mayUndo: isOpen && choices.undo === null && isPossible(context, "findings:undo"),
  };
}

/** By the caller's role and the account's state. */
function isPossible(context: Context, action: "findings:adopt" | "findings:undo"): boolean {
  return (
    can(context, action) && permissions[action].during.some((state) => state === context.access.accountState)
  );
}

/** How many findings of the account wait for a decision or for its being carried out; zero for who may not know. */
export async function countFindings(context: Context): Promise<number> {
  if (!can(context, "findings:list") || context.accountId === null) return 0;
  return db.finding.count({ where: { accountId: context.accountId, state: { not: "closed" } } });
}

/** The same of all accounts. */
export async function countAllFindings(context: Context): Promise<number> {
  if (!can(context, "findings:list-all")) return 0;
  return db.finding.count({ where: { state: { not: "closed" } } });
}
