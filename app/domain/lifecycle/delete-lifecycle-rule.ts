import { leaseBucket } from "../bucket-settings/change-settings.ts";
import { engineCommand } from "../engine-command.ts";
import { changeRules, withChanged } from "./rules.ts";
import { readRule } from "./schema.ts";

/**
 * Removes a rule: what it has not removed by then stays. Success where it is gone already; `settings-changed` where it
 * is no longer what was read, since it may be worth keeping now.
 */
export const deleteLifecycleRule = engineCommand({
  action: "buckets:set-lifecycle",
  input: readRule,

  begin: ({ tx, input, context }) => leaseBucket(tx, context, input.bucketId),

  act: ({ input, begun: bucket }) =>
    changeRules(bucket, (rules) => {
      if (!rules.some(({ id }) => id === input.ruleId)) return rules;
      return withChanged(rules, input, (rule) => rule).filter(({ id }) => id !== input.ruleId);
    }),

  audit: ({ input, begun: { id, name } }) => ({
    resourceType: "bucket",
    resourceId: id,
    details: { name, change: "delete", ruleId: input.ruleId },
  }),
});
