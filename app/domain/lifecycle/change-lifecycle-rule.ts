import { leaseBucket } from "../bucket-settings/change-settings.ts";
import { engineCommand } from "../engine-command.ts";
import { checkRule, lifecycleRuleFields, ruleOf } from "./rule-input.ts";
import { auditedRule, changeRules, isSameRule, refusal, withChanged } from "./rules.ts";
import { readRule } from "./schema.ts";

const changeLifecycleRuleInput = lifecycleRuleFields
  .extend(readRule.shape)
  .superRefine(checkRule)
  .transform(({ bucketId, ruleId, fingerprint, ...fields }) => ({
    bucketId,
    ruleId,
    fingerprint,
    // A rule keeps its name unless it is given another.
    rule: ruleOf({ ...fields, id: fields.id ?? ruleId }),
  }));

/**
 * Puts a rule in the place of another, and answers its name. Throws `settings-changed` where that one is no longer what
 * was read, and else what adding does. The same change again changes nothing.
 */
export const changeLifecycleRule = engineCommand({
  action: "buckets:set-lifecycle",
  input: changeLifecycleRuleInput,

  begin: ({ tx, input, context }) => leaseBucket(tx, context, input.bucketId),

  async act({ input, begun: bucket }) {
    const { rule, ruleId } = input;
    await changeRules(bucket, (rules) => {
      const namesake = rules.find(({ id }) => id === rule.id);
      if (namesake && isSameRule(namesake, rule)) return rules;
      if (namesake && rule.id !== ruleId) throw refusal(["id"], "lifecycleNameTaken");
      return withChanged(rules, input, () => rule);
    });
    return { id: rule.id };
  },

  audit: ({ input, begun: { id, name } }) => ({
    resourceType: "bucket",
    resourceId: id,
    details: { name, change: "replace", ruleId: input.ruleId, rule: auditedRule(input.rule) },
  }),
});
