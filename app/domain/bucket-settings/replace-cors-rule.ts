import { engineCommand } from "../engine-command.ts";
import { leaseBucket, requireUnchanged } from "./change-settings.ts";
import { auditedRule, changeCors, ruleAt, toCorsRule } from "./cors-rules.ts";
import { replaceCorsRuleInput } from "./schema.ts";

/**
 * Puts a rule in the place of another. Throws `settings-changed` where another one, or none, stands there now: a rule
 * that moved is not overwritten by mistake.
 */
export const replaceCorsRule = engineCommand({
  action: "buckets:set-cors",
  input: replaceCorsRuleInput,

  begin: ({ tx, input, context }) => leaseBucket(tx, context, input.bucketId),

  act: ({ input, begun: bucket }) =>
    changeCors(bucket, (rules) => {
      requireUnchanged(ruleAt(rules, input.position), input.fingerprint);
      return rules.with(input.position - 1, toCorsRule(input));
    }),

  audit: ({ input, begun: { id, name } }) => ({
    resourceType: "bucket",
    resourceId: id,
    details: { name, change: "replace", position: input.position, rule: auditedRule(toCorsRule(input)) },
  }),
});
