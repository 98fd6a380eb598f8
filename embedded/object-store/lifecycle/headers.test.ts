import { expect, test } from "vitest";
import { abortHeaders, expirationHeader } from "./headers.ts";
import type { Lifecycle, LifecycleRule } from "./rules.ts";

const object = {
  key: "logs/a",
  sizeBytes: 10,
  tags: { kind: "log" },
  modifiedAt: new Date("2012-12-19T12:00:00Z"),
};

const rule = (id: string, more: Partial<LifecycleRule>): LifecycleRule => ({
  id,
  enabled: true,
  form: "filter",
  filter: { tags: [] },
  ...more,
});

const lifecycle = (...rules: LifecycleRule[]): Lifecycle => ({
  rules,
  transitionDefaultMinimumObjectSize: "all_storage_classes_128K",
});

test("names the day and the rule, in Amazon's words", () => {
  const header = expirationHeader(
    lifecycle(rule("Rule for testfile.txt", { expiration: { days: 1 } })),
    object,
  );
  expect(header).toEqual({
    "x-amz-expiration": 'expiry-date="Fri, 21 Dec 2012 00:00:00 GMT", rule-id="Rule for testfile.txt"',
  });
});

test("of several rules the earliest counts, and of equal ones the first", () => {
  const rules = [
    rule("later", { expiration: { days: 9 } }),
    rule("first", { expiration: { date: "2012-12-25T00:00:00.000Z" } }),
    rule("second", { expiration: { days: 5 } }),
  ];
  expect(expirationHeader(lifecycle(...rules), object)["x-amz-expiration"]).toContain('rule-id="first"');
});

test.each<[string, LifecycleRule]>([
  ["is disabled", rule("r", { enabled: false, expiration: { days: 1 } })],
  ["is for another prefix", rule("r", { filter: { prefix: "tmp/", tags: [] }, expiration: { days: 1 } })],
  [
    "is for another tag",
    rule("r", { filter: { tags: [{ key: "kind", value: "x" }] }, expiration: { days: 1 } }),
  ],
  [
    "is for larger objects",
    rule("r", { filter: { tags: [], sizeGreaterThan: 10 }, expiration: { days: 1 } }),
  ],
  ["is for smaller objects", rule("r", { filter: { tags: [], sizeLessThan: 10 }, expiration: { days: 1 } })],
  ["removes only delete markers", rule("r", { expiration: { expiredObjectDeleteMarker: true } })],
  ["is about noncurrent versions", rule("r", { noncurrentVersionExpiration: { noncurrentDays: 1 } })],
])("there is none where the rule %s", (_, only) => {
  expect(expirationHeader(lifecycle(only), object)).toEqual({});
});

test("there is none without rules", () => {
  expect(expirationHeader(null, object)).toEqual({});
});

test("an id that a header cannot hold is encoded, and no further", () => {
  const header = expirationHeader(lifecycle(rule('até "7" 100%', { expiration: { days: 1 } })), object);
  expect(header["x-amz-expiration"]).toContain('rule-id="at%C3%A9 %227%22 100%25"');
});

test("an upload is told when it will be aborted", () => {
  const rules = lifecycle(
    rule("r", {
      filter: { prefix: "logs/", tags: [] },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    }),
  );
  expect(abortHeaders(rules, { key: "logs/a", createdAt: new Date("2025-08-11T09:00:00Z") })).toEqual({
    "x-amz-abort-date": "Tue, 19 Aug 2025 00:00:00 GMT",
    "x-amz-abort-rule-id": "r",
  });
  expect(abortHeaders(rules, { key: "a", createdAt: new Date() })).toEqual({});
});
