import { engineCommand } from "../engine-command.ts";
import { leaseBucket } from "./change-settings.ts";
import { auditedRule, changeCors, toCorsRule } from "./cors-rules.ts";
import { addCorsRuleInput } from "./schema.ts";

/**
 * Adds a rule after those that are there: of two at once both are kept, or the later is told `conflict`.
 * Throws InvalidInput where there would be more rules than S3 allows.
 */
export const addCorsRule = engineCommand({
  action: "buckets:set-cors",
  input: addCorsRuleInput,

  begin: ({ tx, input, context }) => leaseBucket(tx, context, input.bucketId),

  act: ({ input, begun: bucket }) => changeCors(bucket, (rules) => [...rules, toCorsRule(input)]),

  audit: ({ input, begun: { id, name } }) => ({
    resourceType: "bucket",
    resourceId: id,
    details: { name, change: "add", rule: auditedRule(toCorsRule(input)) },
  }),
});
