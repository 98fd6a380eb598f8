import type { RuleShown } from "../lifecycle/read-lifecycle.ts";
import { type LifecycleRuleValues, lifecycleRuleFields } from "../lifecycle/rule-input.ts";
import { tidyingRuleId } from "./states.ts";

/**
 * What the form about hidden bytes asks for: some fields of a lifecycle rule, with their names, so that it can be
 * previewed and added as any rule is.
 */
export const tidyingFields = lifecycleRuleFields.pick({
  id: true,
  enabled: true,
  noncurrentDays: true,
  abortDays: true,
  expiration: true,
});

/** Those of a bucket's rules that are on and do some of the same, for the whole bucket or a part of it. */
export function findTidyingRules(rules: readonly RuleShown[]): RuleShown[] {
  return rules.filter(({ rule: { enabled, expiration, noncurrentExpiration, abortUploadsAfterDays } }) => {
    const tidiesMarkers = expiration !== undefined && "expiredDeleteMarkers" in expiration;
    return enabled && (noncurrentExpiration || abortUploadsAfterDays !== undefined || tidiesMarkers);
  });
}

/** What the form begins with: the usual days, but for what one of these rules does for the whole bucket already. */
export function tidyingValues(rules: readonly RuleShown[]): LifecycleRuleValues {
  const ofAll = rules.map(({ rule }) => rule).filter(({ filter }) => Object.keys(filter).length === 0);
  return {
    id: tidyingRuleId,
    enabled: true,
    ...(ofAll.some(({ noncurrentExpiration }) => noncurrentExpiration) ? {} : { noncurrentDays: 30 }),
    ...(ofAll.some(({ abortUploadsAfterDays }) => abortUploadsAfterDays !== undefined)
      ? {}
      : { abortDays: 7 }),
    ...(ofAll.some(({ expiration }) => expiration) ? {} : { expiration: "markers" as const }),
  };
}
