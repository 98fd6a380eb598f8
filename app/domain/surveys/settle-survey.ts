import { z } from "zod";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { countsToJson, type SurveyCounts } from "./counts.ts";
import type { SurveyProblem } from "./states.ts";

/** What a survey came to. Does nothing where another run of the job was faster. */
export const settleSurvey = command({
  action: "buckets:settle-survey",
  input: z.object({
    surveyId: z.uuid(),
    to: z.enum(["finished", "partial", "failed"]),
    counts: z.custom<SurveyCounts>((counts) => typeof counts === "object").optional(),
    /** Why it failed. */
    problem: z.custom<SurveyProblem>((code) => typeof code === "string").optional(),
  }),

  async run({ tx, input: { surveyId, to, counts, problem }, context }) {
    const { count } = await tx.bucketSurvey.updateMany({
      where: { id: surveyId, accountId: accountIdOf(context), state: { in: ["queued", "running"] } },
      data: {
        state: to,
        endedAt: new Date(),
        lastError: problem ?? null,
        // Names of objects are kept no longer than they are needed.
        position: {},
        ...(counts ? { counts: countsToJson(counts) } : {}),
      },
    });
    return { settled: count === 1 };
  },

  audit: ({ input, output }) => ({
    resourceType: "bucket-survey",
    resourceId: input.surveyId,
    ...(output.settled ? { details: { after: { state: input.to }, problem: input.problem ?? null } } : {}),
  }),
});
