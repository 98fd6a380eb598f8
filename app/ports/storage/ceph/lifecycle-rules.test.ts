import type { LifecycleRule as S3Rule } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import type { LifecycleRule } from "../driver.ts";
import { fromS3, lostOf, toS3 } from "./lifecycle-rules.ts";

const rule: LifecycleRule = {
  id: "all",
  enabled: true,
  filter: {
    prefix: "logs/",
    tags: [
      { key: "a", value: "1" },
      { key: "b", value: "" },
    ],
    sizeGreaterThan: 1n,
    sizeLessThan: 5_000_000_000n,
  },
  expiration: { days: 30 },
  noncurrentExpiration: { days: 7, newerVersions: 3 },
};

test.each<[what: string, rule: LifecycleRule]>([
  ["every filter and action at once", rule],
  ["no filter", { ...rule, filter: {} }],
  ["a prefix", { ...rule, filter: { prefix: "p" } }],
  ["a tag", { ...rule, filter: { tags: [{ key: "k", value: "v" }] } }],
  ["a size of zero", { ...rule, filter: { sizeGreaterThan: 0n } }],
  ["a date", { ...rule, expiration: { date: new Date(Date.UTC(2030, 0, 1)) } }],
  ["delete markers", { ...rule, expiration: { expiredDeleteMarkers: true } }],
  ["uploads", { id: "u", enabled: false, filter: {}, abortUploadsAfterDays: 1 }],
])("%s is the same after S3's shape", (_what, given) => {
  expect(fromS3(toS3(given))).toEqual(given);
});

test("several conditions stand in an And, one alone, and none is the empty prefix", () => {
  expect(toS3(rule).Filter).toEqual({
    And: {
      Prefix: "logs/",
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "" },
      ],
      ObjectSizeGreaterThan: 1,
      ObjectSizeLessThan: 5_000_000_000,
    },
  });
  expect(toS3({ ...rule, filter: { sizeLessThan: 9n } }).Filter).toEqual({ ObjectSizeLessThan: 9 });
  expect(toS3({ ...rule, filter: {} }).Filter).toEqual({ Prefix: "" });
});

test("what Ceph makes of a rule is read as the rule", () => {
  // The prefix beside the And, and the old place of a prefix that is all there is.
  const beside = { Prefix: "p", And: { Prefix: undefined, Tags: [{ Key: "k", Value: "v" }] } };
  expect(fromS3({ ID: "x", Status: "Enabled", Filter: beside }).filter).toEqual({
    prefix: "p",
    tags: [{ key: "k", value: "v" }],
  });
  expect(fromS3({ ID: "x", Status: "Enabled", Prefix: "" }).filter).toEqual({});
  expect(fromS3({ ID: "x", Status: "Enabled", Prefix: "old/" }).filter).toEqual({ prefix: "old/" });
});

test.each<[unknown: string[], said: Partial<S3Rule>]>([
  [["Transition"], { Transitions: [{ Days: 1, StorageClass: "GLACIER" }] }],
  [["NoncurrentVersionTransition"], { NoncurrentVersionTransitions: [{ NoncurrentDays: 1 }] }],
  [["ExpiredObjectDeleteMarker"], { Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } }],
  [["ExpiredObjectDeleteMarker"], { Expiration: { Date: new Date(0), ExpiredObjectDeleteMarker: true } }],
  [["Date"], { Expiration: { Days: 1, Date: new Date(0) } }],
  [["NoncurrentVersionExpiration"], { NoncurrentVersionExpiration: { NewerNoncurrentVersions: 3 } }],
  [["ActionOfTomorrow"], { ActionOfTomorrow: { Days: 1 } } as Partial<S3Rule>],
])("what else a rule says is named, not dropped: %s", (unknown, said) => {
  expect(fromS3({ ID: "x", Status: "Enabled", Filter: {}, ...said }).unknown).toEqual(unknown);
});

test("what is empty or false is no action", () => {
  const empty = { Transitions: [], Expiration: { Days: 1, ExpiredObjectDeleteMarker: false } };
  expect(fromS3({ ID: "x", Status: "Enabled", Filter: {}, ...empty })).not.toHaveProperty("unknown");
});

test.each<[lost: string, kept: LifecycleRule]>([
  ["NewerNoncurrentVersions", { ...rule, noncurrentExpiration: { days: 7 } }],
  ["NoncurrentVersionExpiration", { ...rule, noncurrentExpiration: { days: 8, newerVersions: 3 } }],
  ["ObjectSizeGreaterThan", { ...rule, filter: { ...rule.filter, sizeGreaterThan: undefined } }],
  ["ObjectSizeLessThan", { ...rule, filter: { ...rule.filter, sizeLessThan: undefined } }],
  ["Prefix", { ...rule, filter: { ...rule.filter, prefix: undefined } }],
  ["Tag", { ...rule, filter: { ...rule.filter, tags: [{ key: "a", value: "1" }] } }],
  ["Expiration", { ...rule, expiration: { days: 3 } }],
  ["AbortIncompleteMultipartUpload", { ...rule, abortUploadsAfterDays: 1 }],
  ["Status", { ...rule, enabled: false }],
  ["ID", { ...rule, id: "another" }],
])("a rule that lost its %s is not whole", (lost, kept) => {
  expect(lostOf([rule], [kept])).toBe(lost);
});

test("the order of rules and of tags means nothing; a missing or an added rule does", () => {
  const other = { ...rule, id: "other", filter: { ...rule.filter, tags: rule.filter.tags?.toReversed() } };
  const sorted = { ...other, filter: rule.filter };
  expect(lostOf([rule, other], [sorted, rule])).toBeUndefined();
  expect(lostOf([rule, other], [rule])).toBe("Rule");
  expect(lostOf([rule], [rule, other])).toBe("Rule");
});
