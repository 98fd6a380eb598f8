import canonicalize from "canonicalize";
import type { Transaction } from "#app/ports/db.server.ts";
import { enqueue } from "#app/ports/jobs.server.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import { accountIdOf, type Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { LifecycleRuleValues } from "../lifecycle/rule-input.ts";
import { oneAtATime } from "../one-at-a-time.ts";

/** Surveys of one account that wait or run. Of those, one after the other runs (ports/jobs.server.ts). */
export const mostUnderWay = 25;

export interface RequestedSurvey {
  id: string;
  bucketId: string;
  /** False where the same was asked for before, and is still under way. */
  isNew: boolean;
}

/**
 * Begins a survey of a bucket, with a rule to be tried or without one. Asked for twice, it is the same survey.
 *
 * Throws `not-found`, `bucket-not-active`, `survey-under-way` while the bucket is surveyed for something else, and
 * `too-many-surveys`.
 */
export async function newSurvey(
  tx: Transaction,
  context: Context,
  { bucketId, ...asked }: { bucketId: string; rule?: LifecycleRuleValues | null },
): Promise<RequestedSurvey> {
  const accountId = accountIdOf(context);
  const rule = asked.rule ? (JSON.parse(JSON.stringify(asked.rule)) as object) : null;
  await getActiveBucket(accountId, bucketId, tx);
  // One at a time: or two at once would both fit under the limit.
  await oneAtATime(tx, `surveys:${accountId}`);
  const underWay = await tx.bucketSurvey.findMany({
    where: { accountId, state: { in: ["queued", "running"] } },
    select: { id: true, bucketId: true, rule: true },
  });
  const same = underWay.find((survey) => survey.bucketId === bucketId);
  if (same) {
    if (canonicalize(same.rule) !== canonicalize(rule)) throw new DomainError("survey-under-way");
    return { id: same.id, bucketId, isNew: false };
  }
  if (underWay.length >= mostUnderWay) throw new DomainError("too-many-surveys", { limit: mostUnderWay });
  const survey = await tx.bucketSurvey.create({
    data: {
      accountId,
      bucketId,
      ...(rule ? { rule } : {}),
      requestedById: context.actor.kind === "user" ? context.actor.userId : null,
    },
    select: { id: true },
  });
  await enqueue(tx, "survey-bucket", { surveyId: survey.id }, { group: { id: accountId } });
  return { id: survey.id, bucketId, isNew: true };
}
