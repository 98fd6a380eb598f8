import { leaseBucket } from "../bucket-settings/change-settings.ts";
import { engineCommand } from "../engine-command.ts";
import { changeRules, withChanged } from "./rules.ts";
import { readRule } from "./schema.ts";

/** Lets a rule act. Throws `settings-changed` where it is no longer the one that was read. */
export const enableLifecycleRule = switching(true);

/** Keeps a rule and does nothing by it. Throws like turning it on. */
export const disableLifecycleRule = switching(false);

/** Success where it is so already. */
function switching(enabled: boolean) {
  return engineCommand({
    action: "buckets:set-lifecycle",
    input: readRule,

    begin: ({ tx, input, context }) => leaseBucket(tx, context, input.bucketId),

    act: ({ input, begun: bucket }) =>
      changeRules(bucket, (rules) => {
        if (rules.find(({ id }) => id === input.ruleId)?.enabled === enabled) return rules;
        return withChanged(rules, input, (rule) => ({ ...rule, enabled }));
      }),

    audit: ({ input, begun: { id, name } }) => ({
      resourceType: "bucket",
      resourceId: id,
      details: { name, change: enabled ? "enable" : "disable", ruleId: input.ruleId },
    }),
  });
}
