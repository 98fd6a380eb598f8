import { expect, test } from "vitest";
import { readRange } from "./byte-range.ts";

test.each<[string, number, { first: number; last: number } | null]>([
  ["bytes=0-0", 10, { first: 0, last: 0 }],
  ["bytes=2-5", 10, { first: 2, last: 5 }],
  ["bytes=5-", 10, { first: 5, last: 9 }],
  ["bytes=5-100", 10, { first: 5, last: 9 }],
  ["bytes=-3", 10, { first: 7, last: 9 }],
  ["bytes=-100", 10, { first: 0, last: 9 }],
  // Ignored, so that the whole is sent.
  ["bytes=5-2", 10, null],
  ["bytes=-", 10, null],
  ["bytes=0-1,4-5", 10, null],
  ["lines=0-1", 10, null],
  ["nonsense", 10, null],
])("%s of %i bytes", (header, sizeBytes, range) => {
  expect(readRange(header, sizeBytes)).toEqual(range);
});

test.each<[string, number]>([
  ["bytes=10-", 10],
  ["bytes=10-20", 10],
  ["bytes=-0", 10],
  ["bytes=0-", 0],
  ["bytes=0-0", 0],
])("%s of %i bytes lies beyond the end", (header, sizeBytes) => {
  expect(() => readRange(header, sizeBytes)).toThrow(
    expect.objectContaining({ code: "InvalidRange", headers: { "content-range": `bytes */${sizeBytes}` } }),
  );
});

test("a header full of spaces takes no time", () => {
  const startedAt = performance.now();
  expect(readRange(`bytes=${" ".repeat(60_000)}x`, 10)).toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(100);
});
