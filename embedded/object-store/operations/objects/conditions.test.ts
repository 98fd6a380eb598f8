import { describe, expect, test } from "vitest";
import { checkReadConditions, checkWriteCondition, rangeApplies, readWriteCondition } from "./conditions.ts";

const ETAG = "900150983cd24fb0d6963f7d28e17f72";
const MODIFIED = new Date("2026-01-31T12:00:00.750Z");
const [BEFORE, SAME, AFTER] = ["11:59:59", "12:00:00", "12:00:01"].map(
  (time) => `Sat, 31 Jan 2026 ${time} GMT`,
) as [string, string, string];

describe("reading", () => {
  test.each<[Record<string, string>, string]>([
    [{}, "read"],
    [{ "if-match": `"${ETAG}"` }, "read"],
    [{ "if-match": ETAG }, "read"],
    [{ "if-match": `"other", "${ETAG}"` }, "read"],
    [{ "if-match": "*" }, "read"],
    [{ "if-match": '"other"' }, "PreconditionFailed"],
    [{ "if-none-match": `"${ETAG}"` }, "NotModified"],
    [{ "if-none-match": "*" }, "NotModified"],
    [{ "if-none-match": '"other"' }, "read"],
    [{ "if-modified-since": BEFORE }, "read"],
    [{ "if-modified-since": SAME }, "NotModified"],
    [{ "if-modified-since": AFTER }, "NotModified"],
    [{ "if-modified-since": "no date" }, "read"],
    [{ "if-unmodified-since": BEFORE }, "PreconditionFailed"],
    [{ "if-unmodified-since": SAME }, "read"],
    [{ "if-unmodified-since": "no date" }, "read"],
    // The two of Amazon's documentation: the ETag decides over the date.
    [{ "if-match": `"${ETAG}"`, "if-unmodified-since": BEFORE }, "read"],
    [{ "if-none-match": `"${ETAG}"`, "if-modified-since": BEFORE }, "NotModified"],
    [{ "if-none-match": '"other"', "if-modified-since": AFTER }, "read"],
  ])("%j", (headers, outcome) => {
    expect(
      outcomeOf(() => checkReadConditions(new Map(Object.entries(headers)), ETAG, MODIFIED), "read"),
    ).toBe(outcome);
  });

  test.each<[string, boolean]>([
    [`"${ETAG}"`, true],
    ['"other"', false],
    [`W/"${ETAG}"`, false],
    [SAME, true],
    [BEFORE, false],
  ])("a range with If-Range %s applies: %s", (value, applies) => {
    expect(rangeApplies(new Map([["if-range", value]]), ETAG, MODIFIED)).toBe(applies);
  });
});

describe("writing", () => {
  test.each<[Record<string, string>, string | null, string]>([
    [{}, null, "written"],
    [{}, ETAG, "written"],
    [{ "if-none-match": "*" }, null, "written"],
    [{ "if-none-match": "*" }, ETAG, "PreconditionFailed"],
    [{ "if-none-match": ETAG }, null, "written"],
    [{ "if-none-match": ETAG }, ETAG, "PreconditionFailed"],
    [{ "if-none-match": '"other", "another"' }, ETAG, "written"],
    [{ "if-unmodified-since": SAME }, ETAG, "NotImplemented"],
    [{ "if-match": ETAG }, ETAG, "written"],
    [{ "if-match": '"other"' }, ETAG, "PreconditionFailed"],
    [{ "if-match": ETAG }, null, "NoSuchKey"],
  ])("%j where %s is there", (headers, etag, outcome) => {
    const attempt = () => checkWriteCondition(readWriteCondition(new Map(Object.entries(headers))), etag);
    expect(outcomeOf(attempt, "written")).toBe(outcome);
  });
});

function outcomeOf(attempt: () => void, success: string): string {
  try {
    attempt();
    return success;
  } catch (error) {
    return (error as { code: string }).code;
  }
}
