import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import {
  beforeChanging,
  type LeasedBucket,
  page,
  requireCapability,
  whileLeased,
} from "../bucket-settings/change-settings.ts";
import { fingerprintOf } from "../bucket-settings/fingerprint.ts";
import { DomainError, InvalidInput } from "../errors.ts";
import { MOST_RULES } from "./states.ts";

/**
 * Reads the rules, changes them and writes them as a whole; the bucket must be leased. The port reads back what the
 * engine kept, and refuses with `not-supported` what it did not keep whole. Rules that are given back as they were are
 * not written again.
 */
export async function changeRules(
  bucket: LeasedBucket,
  change: (rules: readonly LifecycleRule[]) => readonly LifecycleRule[],
): Promise<void> {
  await whileLeased(bucket, async (at) => {
    await requireCapability((engine) => engine.lifecycle !== null);
    const before = await beforeChanging(storage.getLifecycle(at, page));
    const rules = change(before);
    if (rules === before) return;
    if (rules.length > MOST_RULES) throw refusal([], "lifecycleTooManyRules");
    await storage.setLifecycle({ ...at, rules }, page);
  });
}

/** The rules with one of them changed. Throws `settings-changed` where it is gone, or no longer what was read. */
export function withChanged(
  rules: readonly LifecycleRule[],
  read: { ruleId: string; fingerprint: string },
  change: (rule: LifecycleRule) => LifecycleRule,
): LifecycleRule[] {
  const index = rules.findIndex(({ id }) => id === read.ruleId);
  const rule = rules[index];
  if (!rule || ruleFingerprint(rule) !== read.fingerprint) throw new DomainError("settings-changed");
  return rules.with(index, change(rule));
}

/** What a form carries of the rule that it was made from. Engines may tell a rule's tags in another order each time. */
export function ruleFingerprint(rule: LifecycleRule): string {
  const { tags, ...filter } = rule.filter;
  const sorted = tags?.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  return fingerprintOf({ ...rule, filter: { ...filter, ...(sorted ? { tags: sorted } : {}) } });
}

export function isSameRule(one: LifecycleRule, other: LifecycleRule): boolean {
  return ruleFingerprint(one) === ruleFingerprint(other);
}

export function refusal(path: string[], message: string): InvalidInput {
  return new InvalidInput([{ path, message, params: {} }]);
}

/** What the audit log keeps of a rule. */
export function auditedRule({ id, enabled, ...rule }: LifecycleRule) {
  const { prefix = null, tags = [], sizeGreaterThan, sizeLessThan } = rule.filter;
  const { expiration, noncurrentExpiration: noncurrent } = rule;
  return {
    id,
    enabled,
    prefix,
    tags: tags.map(({ key, value }) => ({ key, value })),
    sizeGreaterThan: sizeGreaterThan?.toString() ?? null,
    sizeLessThan: sizeLessThan?.toString() ?? null,
    expiration: expiration ? auditedExpiration(expiration) : null,
    noncurrentDays: noncurrent?.days ?? null,
    newerVersions: noncurrent?.newerVersions ?? null,
    abortUploadsAfterDays: rule.abortUploadsAfterDays ?? null,
  };
}

function auditedExpiration(expiration: NonNullable<LifecycleRule["expiration"]>) {
  return "date" in expiration ? { date: expiration.date.toISOString() } : { ...expiration };
}
