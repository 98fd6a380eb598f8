import type { LifecycleRule, Tag } from "#app/ports/storage/driver.ts";
import { dueAt } from "./age.ts";

/** Something in a bucket that a rule may be about. */
export type LifecycleEntry =
  | (Content & {
      kind: "current";
      lastModified: Date;
      /**
       * Whether it stays as a noncurrent version when it expires: always where versions are kept, never where they
       * never were. Where versioning is suspended, all but the version `null` do.
       */
      staysAsVersion: boolean;
    })
  | (Content & {
      /** A version that another took the place of, or a delete marker that one did (of size zero, without tags). */
      kind: "noncurrent";
      /** When the next newer version, or delete marker, was made. */
      noncurrentSince: Date;
      /**
       * How many noncurrent versions and markers of the key are newer, at the time that is asked about: one more once
       * the current one has been hidden.
       */
      newerNoncurrent: number;
    })
  | {
      /** A delete marker that is the current version. */
      kind: "marker";
      key: string;
      lastModified: Date;
      /** Nothing else is left of the key, once what the rule removes of it is gone. */
      isAlone: boolean;
    }
  | { kind: "upload"; key: string; initiatedAt: Date };

interface Content {
  key: string;
  sizeBytes: bigint;
  /** Null where they were not looked up: only rules that ask for tags need them. */
  tags: readonly Tag[] | null;
}

/**
 * - `keeps`: it stays as it is.
 * - `hides`: a delete marker takes its place, and it stays as a noncurrent version: its bytes are still there.
 * - `removes`: it is gone for good.
 * - `needs-tags`: it is due, and whether the rule is about it depends on tags that were not looked up.
 */
export type RuleEffect = "keeps" | "hides" | "removes" | "needs-tags";

/**
 * What one rule alone does to an entry by a time, whether it is turned on or not. Engines look about once a day, so
 * that it may be done hours after it is due.
 *
 * Source: "Lifecycle configuration elements", Amazon S3 user guide; facts page §4 for the rounding of ages.
 *
 * @param now the time that is asked about: today, or a day to come
 */
export function ruleEffects(rule: LifecycleRule, entry: LifecycleEntry, now: Date): RuleEffect {
  if (entry.kind === "upload") {
    const { abortUploadsAfterDays: days } = rule;
    const isDue = days !== undefined && dueAt(entry.initiatedAt, days) <= now;
    return isDue && startsAs(rule, entry.key) ? "removes" : "keeps";
  }
  if (!isDue(rule, entry, now)) return "keeps";
  const content = entry.kind === "marker" ? { key: entry.key, sizeBytes: 0n, tags: [] } : entry;
  const meant = isAbout(rule, content);
  if (meant !== true) return meant ? "needs-tags" : "keeps";
  return entry.kind === "current" && entry.staysAsVersion ? "hides" : "removes";
}

function isDue(rule: LifecycleRule, entry: Exclude<LifecycleEntry, { kind: "upload" }>, now: Date): boolean {
  if (entry.kind === "noncurrent") {
    const { noncurrentExpiration: noncurrent } = rule;
    if (!noncurrent || entry.newerNoncurrent < (noncurrent.newerVersions ?? 0)) return false;
    return dueAt(entry.noncurrentSince, noncurrent.days) <= now;
  }
  const { expiration } = rule;
  if (!expiration || (entry.kind === "marker" && !entry.isAlone)) return false;
  if ("days" in expiration) return dueAt(entry.lastModified, expiration.days) <= now;
  // Not what is made at that very moment.
  if (entry.lastModified >= now) return false;
  if ("date" in expiration) return expiration.date <= now;
  return entry.kind === "marker";
}

/** Whether the filter holds; `unknown` where it hangs on tags that nobody looked up. */
function isAbout(rule: LifecycleRule, { key, sizeBytes, tags }: Content): boolean | "unknown" {
  const { sizeGreaterThan, sizeLessThan, tags: wanted = [] } = rule.filter;
  if (!startsAs(rule, key)) return false;
  if (sizeGreaterThan !== undefined && sizeBytes <= sizeGreaterThan) return false;
  if (sizeLessThan !== undefined && sizeBytes >= sizeLessThan) return false;
  if (wanted.length === 0) return true;
  if (!tags) return "unknown";
  return wanted.every((tag) => tags.some(({ key, value }) => key === tag.key && value === tag.value));
}

function startsAs({ filter: { prefix = "" } }: LifecycleRule, key: string): boolean {
  return key.startsWith(prefix);
}
