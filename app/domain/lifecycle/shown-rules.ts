import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import { isSayable } from "./rule-input.ts";
import { ruleFingerprint } from "./rules.ts";
import { MOST_RULES } from "./states.ts";

export interface RuleShown {
  rule: LifecycleRule;
  /** What a form that changes it carries. */
  fingerprint: string;
  /** Whether the form can say all of it. */
  canEdit: boolean;
  /**
   * Rules are written as a whole. So where any rule says what the console does not know, none can be changed; and one
   * can be deleted where no other rule does.
   */
  canSwitch: boolean;
  canDelete: boolean;
}

/** The rules of a bucket, each with what can be done with it beside the others. */
export function shownRules(rules: readonly LifecycleRule[]): RuleShown[] {
  const foreign = rules.filter(isForeign).length;
  return rules.map((rule) => ({
    rule,
    fingerprint: ruleFingerprint(rule),
    canEdit: foreign === 0 && isSayable(rule),
    canSwitch: foreign === 0,
    canDelete: foreign === (isForeign(rule) ? 1 : 0),
  }));
}

/** Whether there may be one more, and the engine would be given whole all that are there. */
export function canTakeAnother(rules: readonly LifecycleRule[]): boolean {
  return rules.length < MOST_RULES && !rules.some(isForeign);
}

/** Says something that the console does not know, and so could not write again. */
function isForeign({ unknown = [] }: LifecycleRule): boolean {
  return unknown.length > 0;
}
