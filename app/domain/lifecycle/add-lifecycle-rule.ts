import { z } from "zod";
import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import { leaseBucket } from "../bucket-settings/change-settings.ts";
import { engineCommand } from "../engine-command.ts";
import { checkRule, lifecycleRuleFields, ruleOf } from "./rule-input.ts";
import { auditedRule, changeRules, isSameRule, refusal } from "./rules.ts";

const addLifecycleRuleInput = lifecycleRuleFields
  .extend({ bucketId: z.uuid() })
  .superRefine(checkRule)
  .transform(({ bucketId, ...fields }) => ({
    bucketId,
    rule: ruleOf(fields),
    isNamed: fields.id !== undefined,
  }));

/**
 * Adds a rule to a bucket, and answers its name. The same one again changes nothing, so that a form that is posted twice
 * makes one rule.
 *
 * Throws InvalidInput on `id` where another rule has that name; `not-supported` with the `condition` that the engine
 * does not keep, and then nothing was changed; `conflict` while somebody else changes the bucket's settings.
 */
export const addLifecycleRule = engineCommand({
  action: "buckets:set-lifecycle",
  input: addLifecycleRuleInput,

  begin: ({ tx, input, context }) => leaseBucket(tx, context, input.bucketId),

  async act({ input, begun: bucket }) {
    let { rule } = input;
    await changeRules(bucket, (rules) => {
      rule = withFreeName(rules, input);
      return rules.some(({ id }) => id === rule.id) ? rules : [...rules, rule];
    });
    return { id: rule.id };
  },

  audit: ({ input, begun: { id, name } }) => ({
    resourceType: "bucket",
    resourceId: id,
    details: { name, change: "add", rule: auditedRule(input.rule) },
  }),
});

/**
 * The rule under a name that no other rule has: a name that the console made up makes room for another rule's, one that
 * a person gave is theirs to change.
 */
function withFreeName(
  rules: readonly LifecycleRule[],
  { rule, isNamed }: { rule: LifecycleRule; isNamed: boolean },
): LifecycleRule {
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? rule : { ...rule, id: `${rule.id}-${count}` };
    const other = rules.find(({ id }) => id === candidate.id);
    if (!other || isSameRule(other, candidate)) return candidate;
    if (isNamed) throw refusal(["id"], "lifecycleNameTaken");
  }
}
