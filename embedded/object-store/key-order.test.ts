import { expect, test } from "vitest";
import { firstTextAfterAll } from "./key-order.ts";

test.each([
  ["a", "b"],
  ["a/", "a0"],
  ["\ud7ff", "\ue000"],
  ["a\u{10ffff}", "b"],
  ["\u{10ffff}", null],
  ["", null],
])("the first text after all that begin with %j", (prefix, next) => {
  expect(firstTextAfterAll(prefix)).toBe(next);
});
