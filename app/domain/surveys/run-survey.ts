import { db } from "#app/ports/db.server.ts";
import { log } from "#app/ports/logger.server.ts";
import type { Versioning } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { atEngine, getActiveBucket } from "../buckets/active-bucket.ts";
import { systemContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { countsFromJson, countsToJson, noCounts } from "./counts.ts";
import { settleSurvey } from "./settle-survey.ts";
import type { SurveyProblem } from "./states.ts";
import { positionFromJson, positionToJson, readRule } from "./stored.ts";
import type { Trial } from "./tally.ts";
import { firstPlace, type Limits, type Progress, surveyLimits, walk } from "./walk.ts";

/** An engine that was away for so long, or a fault of ours: whoever wants to know asks anew. */
const givenUpAfterMs = 86_400_000;

/**
 * The job: counts what a bucket holds. Safe to be killed at any point, when the next run goes on from what was written
 * last, and to run twice at once, when the first to come to the end counts.
 *
 * Throws what may pass by itself, after noting it on the survey; the job is then tried again.
 */
export async function runSurvey(surveyId: string, jobId: string, limits = surveyLimits): Promise<void> {
  const survey = await beginSurvey(surveyId);
  if (!survey) return;
  const context = systemContext("survey-bucket", survey.accountId, jobId);
  try {
    const counts = await countBucket(survey, limits);
    if (counts) await settleSurvey(context, { surveyId, to: counts.bound ? "partial" : "finished", counts });
  } catch (error) {
    const problem = problemOf(error);
    const isYoung = Date.now() - survey.createdAt.getTime() < givenUpAfterMs;
    if (isYoung && (problem === "unavailable" || problem === "internal")) {
      await noteProblem(surveyId, problem);
      throw error;
    }
    log.warn({ err: error, survey: surveyId }, "a bucket could not be surveyed");
    await settleSurvey(context, { surveyId, to: "failed", problem });
  }
}

interface RunningSurvey {
  id: string;
  accountId: string;
  bucketId: string;
  rule: unknown;
  counts: unknown;
  position: unknown;
  createdAt: Date;
  startedAt: Date;
}

/** Null where it is over, or was removed with its bucket. */
async function beginSurvey(surveyId: string): Promise<RunningSurvey | null> {
  const startedAt = new Date();
  await db.bucketSurvey.updateMany({
    where: { id: surveyId, state: "queued" },
    data: { state: "running", startedAt },
  });
  const survey = await db.bucketSurvey.findFirst({ where: { id: surveyId, state: "running" } });
  return survey && { ...survey, startedAt: survey.startedAt ?? startedAt };
}

/** Null where another run of the job was faster. */
async function countBucket(survey: RunningSurvey, limits: Limits) {
  const bucket = await getActiveBucket(survey.accountId, survey.bucketId);
  const { managementKey, tenant } = await atEngine(bucket);
  const { rule = null } = readRule(survey.rule) ?? {};
  // The same day for all of it, also where it goes on after midnight.
  const trial: Trial | null = rule && { rule, now: survey.startedAt };
  const progress =
    readProgress(survey) ??
    (await beginProgress(
      { managementKey, tenant, bucket: bucket.name },
      rule?.filter.prefix ?? "",
      rule !== null,
    ));
  let savedAt = performance.now();
  for await (const _ of walk({ key: managementKey, bucket: bucket.name }, progress, trial, limits)) {
    if (performance.now() - savedAt < limits.savedEveryMs) continue;
    if (!(await saveProgress(survey.id, progress))) return null;
    savedAt = performance.now();
  }
  return progress.tally.counts;
}

function readProgress({ counts: json, position }: RunningSurvey): Progress | null {
  const counts = countsFromJson(json);
  const at = positionFromJson(position);
  return counts && at && { tally: { counts, key: at.key }, place: at.place };
}

async function beginProgress(
  input: {
    managementKey: Parameters<typeof storage.getVersioning>[0]["managementKey"];
    tenant: string;
    bucket: string;
  },
  prefix: string,
  hasRule: boolean,
): Promise<Progress> {
  const [versioning, [stats]] = await Promise.all([readVersioning(input), storage.bucketStats(input)]);
  // How many of them begin with a prefix no engine tells.
  const expected = prefix === "" ? (stats?.objectCount ?? null) : null;
  const counts = noCounts({ versioning, prefix, expected, hasRule });
  return { tally: { counts, key: null }, place: { ...firstPlace } };
}

async function readVersioning(input: Parameters<typeof storage.getVersioning>[0]): Promise<Versioning> {
  const { versioning } = await storage.capabilities();
  return versioning ? storage.getVersioning(input) : "unset";
}

/** False where the survey is over: another run of the job was faster. */
async function saveProgress(surveyId: string, { tally, place }: Progress): Promise<boolean> {
  const { count } = await db.bucketSurvey.updateMany({
    where: { id: surveyId, state: "running" },
    data: {
      counts: countsToJson(tally.counts),
      position: positionToJson({ place, key: tally.key }),
      lastError: null,
    },
  });
  return count === 1;
}

function problemOf(error: unknown): SurveyProblem {
  if (error instanceof StorageError) return error.code;
  // The bucket is on its way out, or gone.
  return error instanceof DomainError ? "bucket-not-active" : "internal";
}

async function noteProblem(surveyId: string, problem: SurveyProblem): Promise<void> {
  await db.bucketSurvey.updateMany({
    where: { id: surveyId, state: { in: ["queued", "running"] } },
    data: { lastError: problem },
  });
}
