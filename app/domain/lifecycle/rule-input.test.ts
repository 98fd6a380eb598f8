import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import { toInputIssues } from "../input-issues.ts";
import { isSayable, lifecycleRuleInput, ruleValues } from "./rule-input.ts";

/** As a posted form arrives: texts, and nothing where nothing was filled in. */
const read = (fields: Record<string, unknown>) => lifecycleRuleInput.parse(fields);

function problemsOf(fields: Record<string, unknown>): string[] {
  const { error } = lifecycleRuleInput.safeParse(fields, { reportInput: true });
  return toInputIssues(error?.issues ?? []).map(({ path, message }) => `${path.join(".")} ${message}`);
}

const days = { expiration: "days", days: "30" };

test("a form becomes the rule that it says", () => {
  expect(
    read({
      id: "tudo",
      enabled: "on",
      prefix: " logs/",
      tags: [{ key: "a", value: "1" }, {}, { key: "b" }, { value: undefined }],
      sizeGreaterThan: "1,5",
      sizeGreaterThanUnit: "KiB",
      sizeLessThan: "2",
      expiration: "days",
      days: "30",
      date: "2030-01-01",
      noncurrentDays: "7",
      newerVersions: "3",
    }),
  ).toEqual({
    id: "tudo",
    enabled: true,
    filter: {
      prefix: " logs/",
      tags: [
        { key: "a", value: "1" },
        { key: "b", value: "" },
      ],
      sizeGreaterThan: 1_536n,
      sizeLessThan: 2_097_152n,
    },
    expiration: { days: 30 },
    noncurrentExpiration: { days: 7, newerVersions: 3 },
  });
});

test("a date begins at midnight UTC, wherever the server is", () => {
  expect(read({ expiration: "date", date: "2026-12-31" })).toMatchObject({
    enabled: false,
    filter: {},
    expiration: { date: new Date("2026-12-31T00:00:00.000Z") },
  });
});

test("a rule without a name gets one, the same for the same rule", () => {
  const { id } = read(days);
  expect(id).toMatch(/^rule-[0-9a-f]{8}$/);
  expect(read({ ...days, enabled: "on" }).id).toBe(id);
  expect(read({ ...days, prefix: "a" }).id).not.toBe(id);
});

describe("what S3 refuses, the form refuses", () => {
  const uploads = { abortDays: "1" };
  const markers = { expiration: "markers" };
  const tags = [{ key: "k", value: "v" }];
  test.each<[what: string, fields: Record<string, unknown>, problems: string[]]>([
    ["no action", { prefix: "a" }, ["expiration lifecycleNoAction"]],
    ["no days", { expiration: "days" }, ["days lifecycleDaysMissing"]],
    ["no date", { expiration: "date" }, ["date lifecycleDateMissing"]],
    ["zero days", { ...days, days: "0" }, ["days lifecycleDays"]],
    ["half a day", { ...days, days: "1.5" }, ["days lifecycleDays"]],
    ["no number", { ...days, days: "trinta" }, ["days lifecycleDays"]],
    ["too many days", { ...days, days: "2147483648" }, ["days lifecycleDays"]],
    ["a date that is none", { expiration: "date", date: "2026-02-30" }, ["date notADate"]],
    [
      "a date before all objects",
      { expiration: "date", date: "1999-12-31" },
      ["date lifecycleDateOutOfBounds"],
    ],
    [
      "a date after all clocks",
      { expiration: "date", date: "2500-01-01" },
      ["date lifecycleDateOutOfBounds"],
    ],
    ["another choice", { expiration: "archive" }, ["expiration chooseOne"]],
    ["zero days for versions", { noncurrentDays: "0" }, ["noncurrentDays lifecycleNoncurrentDays"]],
    ["101 versions", { noncurrentDays: "1", newerVersions: "101" }, ["newerVersions lifecycleNewerVersions"]],
    ["no version", { noncurrentDays: "1", newerVersions: "0" }, ["newerVersions lifecycleNewerVersions"]],
    ["versions without days", { ...days, newerVersions: "3" }, ["noncurrentDays lifecycleNewerNeedsDays"]],
    ["zero days for uploads", { abortDays: "0" }, ["abortDays lifecycleAbortDays"]],
    ["markers with a tag", { ...markers, tags }, ["expiration lifecycleMarkersTakeNoFilter"]],
    ["markers with a size", { ...markers, sizeLessThan: "1" }, ["expiration lifecycleMarkersTakeNoFilter"]],
    ["uploads with a tag", { ...uploads, tags }, ["abortDays lifecycleUploadsTakeNoFilter"]],
    ["uploads with a size", { ...uploads, sizeGreaterThan: "0" }, ["abortDays lifecycleUploadsTakeNoFilter"]],
    ["a size that is none", { ...days, sizeLessThan: "1.000" }, ["sizeLessThan lifecycleNotASize"]],
    [
      "less than nothing",
      { ...days, sizeLessThan: "0", sizeLessThanUnit: "B" },
      ["sizeLessThan lifecycleSizeOutOfBounds"],
    ],
    [
      "more than all",
      { ...days, sizeGreaterThan: "1001", sizeGreaterThanUnit: "TiB" },
      ["sizeGreaterThan lifecycleSizeOutOfBounds"],
    ],
    [
      "sizes that cross",
      { ...days, sizeGreaterThan: "5", sizeLessThan: "5" },
      ["sizeLessThan lifecycleSizesCross"],
    ],
    ["a tag twice", { ...days, tags: [...tags, {}, { key: "k" }] }, ["tags.2.key lifecycleTagTwice"]],
    ["a tag without its key", { ...days, tags: [{ value: "v" }] }, ["tags.0.key lifecycleTagWithoutKey"]],
    [
      "11 tags",
      { ...days, tags: Array.from({ length: 11 }, (_, key) => ({ key: `${key}` })) },
      ["tags tooBig"],
    ],
    ["a long key of a tag", { ...days, tags: [{ key: "k".repeat(129) }] }, ["tags.0.key tooLong"]],
    [
      "a long value of a tag",
      { ...days, tags: [{ key: "k", value: "v".repeat(257) }] },
      ["tags.0.value tooLong"],
    ],
    ["a long prefix", { ...days, prefix: "ç".repeat(513) }, ["prefix lifecyclePrefixTooLong"]],
    ["a long name", { ...days, id: "ç".repeat(128) }, ["id lifecycleNameTooLong"]],
    ["a longer name", { ...days, id: "x".repeat(256) }, ["id lifecycleNameTooLong"]],
    ["what XML cannot carry", { ...days, prefix: "a\u0001" }, ["prefix lifecycleControlCharacter"]],
  ])("%s", (_what, fields, problems) => {
    expect(problemsOf(fields)).toEqual(problems);
  });

  test.each([
    { ...days, days: "2147483647", id: "x".repeat(255), prefix: "ç".repeat(512) },
    { ...markers, prefix: "a", noncurrentDays: "1", newerVersions: "100", abortDays: "1" },
    { ...days, sizeGreaterThan: "1000", sizeGreaterThanUnit: "TiB", tags: [{ key: "k".repeat(128) }] },
    { ...days, tags: Array.from({ length: 10 }, (_, key) => ({ key: `${key}`, value: "v".repeat(256) })) },
  ])("what is just within: %j", (fields) => {
    expect(problemsOf(fields)).toEqual([]);
  });
});

describe("editing", () => {
  const rule: LifecycleRule = { id: "r", enabled: true, filter: {}, expiration: { days: 3 } };

  test("a form that is sent back unchanged says the same rule", () => {
    const texts = fc
      .string({ minLength: 1, maxLength: 60, unit: "grapheme" })
      .filter((text) => !/[\p{Cc}\ufffe\uffff]/u.test(text));
    const someDays = fc.integer({ min: 1, max: 2 ** 31 - 1 });
    const sizes = fc.bigInt({ min: 1n, max: 1_000n * 1024n ** 4n - 2n });
    const rules = fc.record<LifecycleRule>(
      {
        id: texts,
        enabled: fc.boolean(),
        filter: fc.record(
          {
            prefix: texts,
            tags: fc.uniqueArray(
              fc.record({
                key: texts.filter((key) => key.trim() !== ""),
                value: fc.option(texts, { nil: "" }),
              }),
              {
                selector: ({ key }) => key,
                minLength: 1,
                maxLength: 10,
              },
            ),
            sizeGreaterThan: sizes,
          },
          { requiredKeys: [] },
        ),
        expiration: fc.oneof(
          fc.record({ days: someDays }),
          fc.record({
            date: fc.integer({ min: 10_957, max: 193_578 }).map((day) => new Date(day * 86_400_000)),
          }),
        ),
        noncurrentExpiration: fc.record(
          { days: someDays, newerVersions: fc.integer({ min: 1, max: 100 }) },
          { requiredKeys: ["days"] },
        ),
      },
      { requiredKeys: ["id", "enabled", "filter", "expiration"] },
    );
    fc.assert(
      fc.property(rules, (given) => {
        expect(read(ruleValues(given))).toEqual(given);
        expect(isSayable(given)).toBe(true);
      }),
    );
  });

  test.each<[what: string, rule: LifecycleRule]>([
    ["actions that the console does not know", { ...rule, unknown: ["Transition"] }],
    ["a tab in its prefix", { ...rule, filter: { prefix: "a\tb" } }],
    ["hours in its date", { ...rule, expiration: { date: new Date("2030-01-01T12:00:00Z") } }],
    [
      "markers by tag",
      { ...rule, filter: { tags: [{ key: "k", value: "" }] }, expiration: { expiredDeleteMarkers: true } },
    ],
    ["no name", { ...rule, id: "" }],
    ["no action that the console knows", { id: "r", enabled: true, filter: {} }],
  ])("a rule made elsewhere with %s is not for the form", (_what, given) => {
    expect(isSayable(given)).toBe(false);
    expect(isSayable(rule)).toBe(true);
  });
});
