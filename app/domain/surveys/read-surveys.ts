import type { SurveyState } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { LifecycleRuleValues } from "../lifecycle/rule-input.ts";
import { countsFromJson, type SurveyCounts } from "./counts.ts";
import type { SurveyProblem } from "./states.ts";
import { readRule } from "./stored.ts";

export interface Survey {
  id: string;
  state: SurveyState;
  /** A rule whose effect was counted, and the fields of its form; null for a survey of the whole alone. */
  rule: { rule: LifecycleRule; values: LifecycleRuleValues } | null;
  /** So far, while it is under way; null before the first of them. */
  counts: SurveyCounts | null;
  /** Why it failed, or what keeps it waiting. */
  problem: SurveyProblem | null;
  createdAt: Date;
  /** The time that its figures are of; null while it waits. */
  startedAt: Date | null;
  endedAt: Date | null;
  /** Name of who asked for it; null where nobody of that kind did. */
  requestedBy: string | null;
}

/** A survey of a bucket of the account. Throws `not-found`. */
export async function getSurvey(context: Context, bucketId: string, surveyId: string): Promise<Survey> {
  const accountId = authorizeInAccount(context, "buckets:read-settings");
  const row = await db.bucketSurvey.findFirst({
    where: { id: surveyId, accountId, bucketId, bucket: { deletedAt: null } },
    select: { ...columns, requestedBy: { select: { name: true } } },
  });
  if (!row) throw new DomainError("not-found");
  return { ...surveyOf(row), requestedBy: row.requestedBy?.name ?? null };
}

/**
 * The latest survey of a whole bucket that has ended, at its end or at a bound; null where there was none. A preview
 * of a rule for all names is one, too.
 */
export async function findLatestSurvey(
  context: Context,
  bucketId: string,
): Promise<Omit<Survey, "requestedBy"> | null> {
  const accountId = authorizeInAccount(context, "buckets:read-settings");
  const row = await db.bucketSurvey.findFirst({
    where: {
      accountId,
      bucketId,
      state: { in: ["finished", "partial"] },
      counts: { path: ["prefix"], equals: "" },
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    select: columns,
  });
  return row && surveyOf(row);
}

/** Whether its figures are of a part of the bucket: that a rule's tags were too many to look up takes nothing away. */
export function isOfAPart({ bound }: Pick<SurveyCounts, "bound">): boolean {
  return bound === "entries" || bound === "time";
}

/** The survey of a bucket that is under way; null where none is. */
export async function findSurveyUnderWay(
  context: Context,
  bucketId: string,
): Promise<Omit<Survey, "requestedBy"> | null> {
  const accountId = authorizeInAccount(context, "buckets:read-settings");
  const row = await db.bucketSurvey.findFirst({
    where: { accountId, bucketId, state: { in: ["queued", "running"] } },
    select: columns,
  });
  return row && surveyOf(row);
}

const columns = {
  id: true,
  state: true,
  rule: true,
  counts: true,
  lastError: true,
  createdAt: true,
  startedAt: true,
  endedAt: true,
} as const;

interface Row {
  id: string;
  state: SurveyState;
  rule: unknown;
  counts: unknown;
  lastError: string | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}

function surveyOf(row: Row): Omit<Survey, "requestedBy"> {
  const { id, state, createdAt, startedAt, endedAt } = row;
  return {
    id,
    state,
    rule: readRule(row.rule),
    counts: countsFromJson(row.counts),
    problem: row.lastError as SurveyProblem | null,
    createdAt,
    startedAt,
    endedAt,
  };
}
