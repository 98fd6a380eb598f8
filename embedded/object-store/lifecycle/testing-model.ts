import { DAY_MS } from "./age.ts";
import type { LifecycleRule } from "./rules.ts";

/**
 * What lifecycle rules do, told as simply as can be: the other opinion that the property test asks.
 *
 * Source: "Lifecycle configuration elements", Amazon S3 user guide.
 */

export type ModelVersion = {
  key: string;
  /** Whether its version id is "null". */
  isNull: boolean;
  isDeleteMarker: boolean;
  sizeBytes: number;
  tags: Record<string, string>;
  modifiedAt: number;
  /** Null for the current version. */
  noncurrentAt: number | null;
};

export type ModelUpload = { key: string; createdAt: number };

/** @param versions of one bucket, the oldest first; what is left of them, and what was added */
export function modelVersions(
  versions: ModelVersion[],
  rules: LifecycleRule[],
  versioning: string | null,
  now: number,
): ModelVersion[] {
  const active = rules.filter((rule) => rule.enabled);
  const keys = new Set(versions.map(({ key }) => key));
  return [...keys].flatMap((key) => {
    const all = versions.filter((version) => version.key === key);
    const noncurrent = all.filter((version) => version.noncurrentAt !== null);
    const left = all.filter((version) => {
      if (version.noncurrentAt === null) return true;
      const newer = noncurrent.slice(noncurrent.indexOf(version) + 1).length;
      return !active.some(
        (rule) =>
          rule.noncurrentVersionExpiration !== undefined &&
          holds(rule, version) &&
          isOld(version.noncurrentAt as number, rule.noncurrentVersionExpiration.noncurrentDays, now) &&
          newer >= (rule.noncurrentVersionExpiration.newerNoncurrentVersions ?? 0),
      );
    });
    return expireCurrent(left, active, versioning, now);
  });
}

function expireCurrent(
  versions: ModelVersion[],
  active: LifecycleRule[],
  versioning: string | null,
  now: number,
): ModelVersion[] {
  const current = versions.find((version) => version.noncurrentAt === null);
  if (!current) return versions;
  const isDue = active.some(({ expiration, ...rule }) => {
    // One action a day: what a walk makes is for the next one.
    if (!expiration || !holds(rule, current) || current.modifiedAt >= now) return false;
    if ("expiredObjectDeleteMarker" in expiration) {
      return current.isDeleteMarker && expiration.expiredObjectDeleteMarker;
    }
    if ("date" in expiration) return Date.parse(expiration.date) <= now;
    return isOld(current.modifiedAt, expiration.days, now);
  });
  if (!isDue) return versions;
  if (current.isDeleteMarker) return versions.length === 1 ? [] : versions;
  if (versioning === null) return [];
  const isNull = versioning === "Suspended";
  return [
    ...versions
      .filter((version) => !(isNull && version.isNull))
      .map((version) => (version === current ? { ...version, noncurrentAt: now } : version)),
    {
      key: current.key,
      isNull,
      isDeleteMarker: true,
      sizeBytes: 0,
      tags: {},
      modifiedAt: now,
      noncurrentAt: null,
    },
  ];
}

export function modelUploads(uploads: ModelUpload[], rules: LifecycleRule[], now: number): ModelUpload[] {
  return uploads.filter(
    ({ key, createdAt }) =>
      !rules.some(
        ({ enabled, filter, abortIncompleteMultipartUpload: abort }) =>
          enabled &&
          abort !== undefined &&
          key.startsWith(filter.prefix ?? "") &&
          isOld(createdAt, abort.daysAfterInitiation, now),
      ),
  );
}

/** Counts midnights: the first one after it was made does not count, unless it was made at midnight. */
function isOld(madeAt: number, days: number, now: number): boolean {
  const midnights = Math.floor(now / DAY_MS) - Math.ceil(madeAt / DAY_MS);
  return midnights >= days;
}

function holds({ filter }: Pick<LifecycleRule, "filter">, version: ModelVersion): boolean {
  if (filter.prefix !== undefined && !version.key.startsWith(filter.prefix)) return false;
  if (filter.sizeGreaterThan !== undefined && version.sizeBytes <= filter.sizeGreaterThan) return false;
  if (filter.sizeLessThan !== undefined && version.sizeBytes >= filter.sizeLessThan) return false;
  for (const { key, value } of filter.tags) if (version.tags[key] !== value) return false;
  return true;
}
