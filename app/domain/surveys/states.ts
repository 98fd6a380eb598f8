import type { SurveyState } from "#app/generated/prisma/enums.ts";
import type { StorageErrorCode } from "#app/ports/storage/errors.ts";

// Apart from schema.ts, so that pages can use them without bringing Zod to the browser.

/** True while a job is at work on the survey, so that a page shows it and looks again. */
export function isUnderWay(state: SurveyState): boolean {
  return state === "queued" || state === "running";
}

/** Why a survey ended before the end of the bucket: so many entries, so much time, or so many objects' tags. */
export type SurveyBound = "entries" | "time" | "tags";

/** What stood in the way: the engine's refusal, a bucket that is on its way out, or an error of our own. */
export type SurveyProblem = StorageErrorCode | "bucket-not-active" | "internal";

/** What the bytes of a bucket are made of. A plain listing shows the first alone. */
export const kindsOfBytes = ["current", "noncurrent", "markers", "uploads"] as const;
export type KindOfBytes = (typeof kindsOfBytes)[number];

/** The name of the rule that the page about hidden bytes makes. */
export const tidyingRuleId = "balde-hidden-bytes";
