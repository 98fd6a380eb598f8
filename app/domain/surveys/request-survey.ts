import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { mostUnderWay, newSurvey } from "./new-survey.ts";
import { requestSurveyInput, requestSurveysInput } from "./schema.ts";

/** Has what a bucket holds counted. Throws as {@link newSurvey} does. */
export const requestSurvey = command({
  action: "buckets:survey",
  input: requestSurveyInput,
  throttle: ({ context }) => [["surveys", accountIdOf(context)]],

  run: ({ tx, input, context }) => newSurvey(tx, context, input),

  audit: ({ input, output }) => ({
    resourceType: "bucket",
    resourceId: input.bucketId,
    details: { surveyId: output.id, isNew: output.isNew },
  }),
});

/**
 * Has the account's buckets counted, as many as may be at a time: those first that never were, or longest ago. Answers
 * how many surveys were begun.
 */
export const requestSurveys = command({
  action: "buckets:survey",
  input: requestSurveysInput,
  throttle: ({ context }) => [["surveys-of-all", accountIdOf(context)]],

  async run({ tx, context }) {
    const accountId = accountIdOf(context);
    const buckets = await tx.$queryRaw<{ id: string }[]>`
      SELECT b.id
      FROM bucket b
      LEFT JOIN LATERAL (
        SELECT created_at FROM bucket_survey WHERE bucket_id = b.id AND rule IS NULL ORDER BY created_at DESC LIMIT 1
      ) latest ON true
      WHERE b.account_id = ${accountId}::uuid AND b.deleted_at IS NULL AND b.state = 'active' AND NOT EXISTS (
        SELECT FROM bucket_survey WHERE bucket_id = b.id AND state IN ('queued', 'running')
      )
      ORDER BY latest.created_at NULLS FIRST, b.id
      LIMIT ${mostUnderWay} - (
        SELECT least(count(*), ${mostUnderWay}) FROM bucket_survey
        WHERE account_id = ${accountId}::uuid AND state IN ('queued', 'running')
      )`;
    for (const { id } of buckets) await newSurvey(tx, context, { bucketId: id });
    return { begun: buckets.length };
  },

  audit: ({ output, context }) => ({
    resourceType: "account",
    resourceId: accountIdOf(context),
    details: { begun: output.begun },
  }),
});
