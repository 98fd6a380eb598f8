import fc from "fast-check";
import { expect, test } from "vitest";
import { cutoff, dueAt } from "./age.ts";

// The first is the example of Amazon's user guide, "Lifecycle rules: Based on an object's age".
test.each([
  ["2014-01-15T10:30:00Z", 3, "2014-01-19T00:00:00Z"],
  ["2026-01-01T10:30:00Z", 1, "2026-01-03T00:00:00Z"],
  ["2026-01-01T00:00:00.001Z", 1, "2026-01-03T00:00:00Z"],
  ["2026-01-01T23:59:59.999Z", 1, "2026-01-03T00:00:00Z"],
  ["2026-01-01T00:00:00Z", 1, "2026-01-02T00:00:00Z"],
  ["2024-02-28T12:00:00Z", 1, "2024-03-01T00:00:00Z"],
  ["2024-02-27T12:00:00Z", 1, "2024-02-29T00:00:00Z"],
  ["2025-12-31T12:00:00Z", 365, "2027-01-01T00:00:00Z"],
  // No daylight saving in UTC.
  ["2018-11-03T12:00:00Z", 1, "2018-11-05T00:00:00Z"],
  ["2026-01-01T10:30:00Z", 2 ** 31 - 1, "9999-12-31T00:00:00Z"],
])("made %s, after %i days: due %s", (madeAt, days, due) => {
  expect(dueAt(new Date(madeAt), days)).toEqual(new Date(due));
});

test("something is due exactly when it was made before the cutoff", () => {
  const time = fc.date({
    min: new Date("2020-01-01"),
    max: new Date("2030-01-01"),
    noInvalidDate: true,
  });
  const toMidnight = (date: Date) => new Date(Math.floor(date.getTime() / 86_400_000) * 86_400_000);
  const times = fc.oneof(time, time.map(toMidnight));
  fc.assert(
    fc.property(times, times, fc.integer({ min: 1, max: 4000 }), (madeAt, now, days) => {
      expect(madeAt <= cutoff(now, days)).toBe(dueAt(madeAt, days) <= now);
    }),
  );
});

test("days beyond all calendars never come", () => {
  expect(cutoff(new Date("2026-01-01"), 2 ** 31 - 1)).toEqual(new Date("0001-01-01T00:00:00Z"));
});

test("shorter days are not rounded up", () => {
  expect(cutoff(new Date("2026-01-01T10:30:07Z"), 3, 2000)).toEqual(new Date("2026-01-01T10:30:01Z"));
});
