import { db } from "#app/ports/db.server.ts";
import { authorize, authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { reconciledStates } from "./console-state.ts";
import { deadAfterMs } from "./runs.ts";

export interface RunShown {
  startedAt: Date;
  /** Null while it is under way. */
  finishedAt: Date | null;
  /** Of a run that is under way and shows no progress: its worker died. */
  isDead: boolean;
  accounts: number;
  failed: number;
  error: string | null;
}

/** The last pass over all accounts, under way or over; null before the first. */
export async function findLastRun(context: Context): Promise<RunShown | null> {
  authorize(context, "findings:list-all");
  const run = await db.reconciliationRun.findFirst({ orderBy: { startedAt: "desc" } });
  if (!run) return null;
  const { startedAt, finishedAt, progressedAt, accounts, failed, error } = run;
  const isDead = finishedAt === null && progressedAt.getTime() < Date.now() - deadAfterMs;
  return { startedAt, finishedAt, isDead, accounts, failed, error };
}

export interface FailedCheck {
  slug: string;
  name: string;
  lastError: string;
  checkedAt: Date | null;
}

/** Accounts whose last check failed, the oldest accounts first, at most 50. */
export async function listFailedChecks(context: Context): Promise<FailedCheck[]> {
  authorize(context, "findings:list-all");
  const rows = await db.reconciliationCheck.findMany({
    where: { lastError: { not: null }, account: { state: { in: reconciledStates } } },
    orderBy: { accountId: "asc" },
    take: 50,
    select: { lastError: true, checkedAt: true, account: { select: { slug: true, name: true } } },
  });
  return rows.map(({ account, lastError, checkedAt }) => ({
    ...account,
    checkedAt,
    lastError: lastError ?? "",
  }));
}

export interface CheckShown {
  checkedAt: Date | null;
  hasFailed: boolean;
}

/** When the account was last compared, and whether the last try came to nothing. */
export async function findCheck(context: Context): Promise<CheckShown> {
  const accountId = authorizeInAccount(context, "findings:list");
  const check = await db.reconciliationCheck.findUnique({ where: { accountId } });
  return { checkedAt: check?.checkedAt ?? null, hasFailed: check?.lastError != null };
}
