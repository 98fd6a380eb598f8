import { engineCommand } from "../engine-command.ts";
import { leaseBucket, requireUnchanged } from "./change-settings.ts";
import { changeCors, ruleAt } from "./cors-rules.ts";
import { deleteCorsRuleInput } from "./schema.ts";

/** Removes one rule; the last one takes the configuration with it. Throws `settings-changed` like replacing does. */
export const deleteCorsRule = engineCommand({
  action: "buckets:set-cors",
  input: deleteCorsRuleInput,

  begin: ({ tx, input, context }) => leaseBucket(tx, context, input.bucketId),

  act: ({ input, begun: bucket }) =>
    changeCors(bucket, (rules) => {
      requireUnchanged(ruleAt(rules, input.position), input.fingerprint);
      return rules.toSpliced(input.position - 1, 1);
    }),

  audit: ({ input, begun: { id, name } }) => ({
    resourceType: "bucket",
    resourceId: id,
    details: { name, change: "delete", position: input.position },
  }),
});
