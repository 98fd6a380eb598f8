import { expect, test } from "vitest";
import { z } from "zod";
import { toInputIssues } from "./input-issues.ts";

/** What is said of the input's field `a`. */
function issuesOf(schema: z.ZodType, a: unknown) {
  const parsed = z.object({ a: schema }).safeParse({ a }, { reportInput: true });
  return toInputIssues(parsed.error?.issues ?? []).map(({ path, message, params }) => [
    path.join("."),
    message,
    params,
  ]);
}

test.each<[what: string, schema: z.ZodType, value: unknown, message: string, params?: object]>([
  ["a field that was left empty", z.string(), undefined, "required"],
  ["the same, of nothing but spaces", z.string().trim().min(1), "  ", "required"],
  ["a choice that was not made", z.enum(["x"], "chooseOne"), undefined, "chooseOne"],
  ["another type", z.string(), 7, "invalid"],
  ["text that is too short", z.string().min(2, "tooShort"), "x", "tooShort", { minimum: 2 }],
  ["text that is too long", z.string().max(3), "xxxx", "tooLong", { maximum: 3 }],
  ["a number that is too small", z.number().min(2), 1, "tooSmall", { minimum: 2 }],
  ["a number that is too big", z.bigint().max(2n), 3n, "tooBig", { maximum: 2 }],
  ["a rule of its own", z.string().refine(() => false, "document"), "x", "document"],
  ["a rule without words", z.string().refine(() => false), "x", "invalid"],
  ["a format", z.email("email"), "x", "email"],
  ["a format without words", z.uuid(), "x", "invalid"],
])("%s", (_, schema, value, message, params = {}) => {
  expect(issuesOf(schema, value)).toEqual([["a", message, params]]);
});

test("the place is the path within a list; a field that there is none of is named", () => {
  expect(issuesOf(z.array(z.uuid()), ["x"])).toEqual([["a.0", "invalid", {}]]);
  expect(issuesOf(z.strictObject({}), { b: 1 })).toEqual([["a", "unknownField", { field: "b" }]]);
});
