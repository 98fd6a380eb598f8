import { isDeepStrictEqual } from "node:util";
import type { LifecycleRuleFilter, LifecycleRule as S3Rule, Tag as S3Tag } from "@aws-sdk/client-s3";
import type { LifecycleRule, Tag } from "../driver.ts";

/** A rule in the shape of S3's API ("PutBucketLifecycleConfiguration", Amazon S3 API reference). */
export function toS3(rule: LifecycleRule): S3Rule {
  const { expiration, noncurrentExpiration } = rule;
  return {
    ID: rule.id,
    Status: rule.enabled ? "Enabled" : "Disabled",
    Filter: filterToS3(rule.filter),
    ...(expiration ? { Expiration: expirationToS3(expiration) } : {}),
    ...(noncurrentExpiration
      ? {
          NoncurrentVersionExpiration: {
            NoncurrentDays: noncurrentExpiration.days,
            NewerNoncurrentVersions: noncurrentExpiration.newerVersions,
          },
        }
      : {}),
    ...(rule.abortUploadsAfterDays === undefined
      ? {}
      : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: rule.abortUploadsAfterDays } }),
  };
}

function expirationToS3(expiration: NonNullable<LifecycleRule["expiration"]>): S3Rule["Expiration"] {
  if ("days" in expiration) return { Days: expiration.days };
  if ("date" in expiration) return { Date: expiration.date };
  return { ExpiredObjectDeleteMarker: true };
}

/** One condition stands alone, several stand in an And, and none is the empty prefix. */
function filterToS3(filter: LifecycleRule["filter"]): LifecycleRuleFilter {
  const tags = (filter.tags ?? []).map(({ key, value }) => ({ Key: key, Value: value }));
  const conditions = {
    ...(filter.prefix ? { Prefix: filter.prefix } : {}),
    ...(filter.sizeGreaterThan === undefined
      ? {}
      : { ObjectSizeGreaterThan: Number(filter.sizeGreaterThan) }),
    ...(filter.sizeLessThan === undefined ? {} : { ObjectSizeLessThan: Number(filter.sizeLessThan) }),
  };
  const count = Object.keys(conditions).length + tags.length;
  if (count > 1) return { And: { ...conditions, ...(tags.length > 0 ? { Tags: tags } : {}) } };
  if (tags[0]) return { Tag: tags[0] };
  return count === 1 ? conditions : { Prefix: "" };
}

/** A rule as the engine has it, made elsewhere perhaps: conditions in and beside the And are one. */
export function fromS3(rule: S3Rule): LifecycleRule {
  const { Filter: filter = {}, Expiration: expiration, NoncurrentVersionExpiration: noncurrent } = rule;
  const prefix = filter.And?.Prefix ?? filter.Prefix ?? rule.Prefix;
  const tags = [...(filter.And?.Tags ?? []), ...(filter.Tag ? [filter.Tag] : [])].map(tagFromS3);
  const greater = filter.And?.ObjectSizeGreaterThan ?? filter.ObjectSizeGreaterThan;
  const less = filter.And?.ObjectSizeLessThan ?? filter.ObjectSizeLessThan;
  const abort = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  const unknown = unknownOf(rule);
  return {
    id: rule.ID ?? "",
    enabled: rule.Status === "Enabled",
    filter: {
      ...(prefix ? { prefix } : {}),
      ...(tags.length > 0 ? { tags } : {}),
      ...(greater === undefined ? {} : { sizeGreaterThan: BigInt(greater) }),
      ...(less === undefined ? {} : { sizeLessThan: BigInt(less) }),
    },
    ...expirationFromS3(expiration),
    ...(noncurrent?.NoncurrentDays === undefined
      ? {}
      : {
          noncurrentExpiration: {
            days: noncurrent.NoncurrentDays,
            ...(noncurrent.NewerNoncurrentVersions
              ? { newerVersions: noncurrent.NewerNoncurrentVersions }
              : {}),
          },
        }),
    ...(abort === undefined ? {} : { abortUploadsAfterDays: abort }),
    ...(unknown.length > 0 ? { unknown } : {}),
  };
}

const READ = new Set([
  "ID",
  "Status",
  "Filter",
  "Prefix",
  "Expiration",
  "NoncurrentVersionExpiration",
  "AbortIncompleteMultipartUpload",
]);

/** S3's names of what the rule says beyond what {@link fromS3} reads: it would be lost when the rule is written. */
function unknownOf(rule: S3Rule): string[] {
  const { Expiration: expiration, NoncurrentVersionExpiration: noncurrent } = rule;
  const others = Object.entries(rule)
    .filter(([name, value]) => !READ.has(name) && (Array.isArray(value) ? value.length > 0 : value))
    // A list's name in the SDK is the plural of the element's.
    .map(([name, value]) => (Array.isArray(value) ? name.replace(/s$/, "") : name));
  const hasDate = expiration?.Date !== undefined;
  const hasDays = expiration?.Days !== undefined;
  return [
    ...others,
    ...(hasDays && hasDate ? ["Date"] : []),
    ...((hasDays || hasDate) && expiration?.ExpiredObjectDeleteMarker ? ["ExpiredObjectDeleteMarker"] : []),
    ...(noncurrent && noncurrent.NoncurrentDays === undefined ? ["NoncurrentVersionExpiration"] : []),
  ];
}

function expirationFromS3(expiration: S3Rule["Expiration"]): Pick<LifecycleRule, "expiration"> {
  if (expiration?.Days !== undefined) return { expiration: { days: expiration.Days } };
  if (expiration?.Date) return { expiration: { date: expiration.Date } };
  return expiration?.ExpiredObjectDeleteMarker ? { expiration: { expiredDeleteMarkers: true } } : {};
}

function tagFromS3({ Key, Value }: S3Tag): Tag {
  return { key: Key ?? "", value: Value ?? "" };
}

/** S3's name of the first condition or action that an engine did not keep; the order of rules means nothing. */
export function lostOf(wanted: readonly LifecycleRule[], kept: readonly LifecycleRule[]): string | undefined {
  if (wanted.length !== kept.length) return "Rule";
  for (const rule of wanted) {
    const other = kept.find(({ id }) => id === rule.id);
    if (!other) return "ID";
    const lost = PARTS.find(([, part]) => !isDeepStrictEqual(part(rule), part(other)));
    if (lost) return lost[0];
  }
  return undefined;
}

const PARTS: ReadonlyArray<[name: string, part: (rule: LifecycleRule) => unknown]> = [
  ["NewerNoncurrentVersions", (rule) => rule.noncurrentExpiration?.newerVersions],
  ["NoncurrentVersionExpiration", (rule) => rule.noncurrentExpiration?.days],
  ["ObjectSizeGreaterThan", (rule) => rule.filter.sizeGreaterThan],
  ["ObjectSizeLessThan", (rule) => rule.filter.sizeLessThan],
  ["Prefix", (rule) => rule.filter.prefix || undefined],
  ["Tag", (rule) => (rule.filter.tags ?? []).map(({ key, value }) => JSON.stringify([key, value])).sort()],
  ["Expiration", (rule) => rule.expiration],
  ["AbortIncompleteMultipartUpload", (rule) => rule.abortUploadsAfterDays],
  ["Status", (rule) => rule.enabled],
];
