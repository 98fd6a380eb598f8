import { z } from "zod";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { checkRule, lifecycleRuleFields, ruleOf, ruleValues } from "../lifecycle/rule-input.ts";
import { newSurvey } from "./new-survey.ts";

const previewRuleInput = lifecycleRuleFields
  .extend({ bucketId: z.uuid() })
  .superRefine(checkRule)
  // One that was given no name stays without: it gets one when it is saved.
  .transform(({ bucketId, ...fields }) => ({
    bucketId,
    rule: { ...ruleValues(ruleOf(fields)), id: fields.id },
  }));

/**
 * Has counted what a lifecycle rule would remove from a bucket; nothing is changed. Takes the fields of the rule's
 * form. Throws as {@link newSurvey} does.
 */
export const previewRule = command({
  action: "buckets:survey",
  input: previewRuleInput,
  throttle: ({ context }) => [["surveys", accountIdOf(context)]],

  run: ({ tx, input, context }) => newSurvey(tx, context, input),

  audit: ({ input, output }) => ({
    resourceType: "bucket",
    resourceId: input.bucketId,
    details: { surveyId: output.id, isNew: output.isNew },
  }),
});
