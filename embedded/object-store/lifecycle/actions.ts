import { cutoff } from "./age.ts";
import type { Lifecycle, LifecycleRule } from "./rules.ts";

/** What a lifecycle configuration asks for at one time, as the functions in migrations/0006_lifecycle.sql read it. */
export type LifecycleActions = { versions: VersionAction[]; uploads: UploadAction[] };

/** `cutoff` is ISO 8601: what was made until then is old enough. */
type VersionAction = {
  state: "current" | "marker" | "noncurrent";
  prefix: string;
  tags: Record<string, string>;
  sizeGreaterThan?: number | undefined;
  sizeLessThan?: number | undefined;
  cutoff: string;
  newerVersions?: number | undefined;
};
type UploadAction = { prefix: string; cutoff: string };

/** @param dayMs how long the rules' days are; see age.ts */
export function actionsAt({ rules }: Lifecycle, now: Date, dayMs: number): LifecycleActions {
  const olderThan = (days: number) => cutoff(now, days, dayMs).toISOString();
  const enabled = rules.filter((rule) => rule.enabled);
  return {
    versions: enabled.flatMap((rule) => versionActions(rule, now, olderThan)),
    uploads: enabled.flatMap(({ filter, abortIncompleteMultipartUpload: abort }) =>
      abort ? [{ prefix: filter.prefix ?? "", cutoff: olderThan(abort.daysAfterInitiation) }] : [],
    ),
  };
}

function versionActions(
  { filter, expiration, noncurrentVersionExpiration: noncurrent }: LifecycleRule,
  now: Date,
  olderThan: (days: number) => string,
): VersionAction[] {
  const { prefix = "", sizeGreaterThan, sizeLessThan } = filter;
  const tags = Object.fromEntries(filter.tags.map(({ key, value }) => [key, value]));
  const conditions = { prefix, tags, sizeGreaterThan, sizeLessThan };
  const actions: VersionAction[] = [];
  // Whatever its age. But what a walk itself makes is for the next one: Amazon does one thing to an object in a day.
  const beforeNow = new Date(now.getTime() - 1).toISOString();
  if (expiration && "expiredObjectDeleteMarker" in expiration) {
    if (expiration.expiredObjectDeleteMarker) {
      actions.push({ state: "marker", ...conditions, cutoff: beforeNow });
    }
  } else if (expiration && ("days" in expiration || new Date(expiration.date) <= now)) {
    const latest = "days" in expiration ? olderThan(expiration.days) : beforeNow;
    // What expires objects also removes the delete markers that are left of them, by their own age.
    actions.push({ state: "current", ...conditions, cutoff: latest });
    actions.push({ state: "marker", ...conditions, cutoff: latest });
  }
  if (noncurrent) {
    actions.push({
      state: "noncurrent",
      ...conditions,
      cutoff: olderThan(noncurrent.noncurrentDays),
      newerVersions: noncurrent.newerNoncurrentVersions,
    });
  }
  return actions;
}

/** The text that all of these begin with. */
export function commonPrefix(prefixes: string[]): string {
  // By code points, since half of one is no text.
  const [first = [], ...others] = prefixes.map((prefix) => [...prefix]);
  const differs = first.findIndex((point, index) => others.some((other) => other[index] !== point));
  return (differs < 0 ? first : first.slice(0, differs)).join("");
}
