import { expect, test } from "vitest";
import { DomainError } from "../errors.ts";
import { atItsField } from "./unkept-condition.ts";

test.each([
  ["NewerNoncurrentVersions", "newerVersions"],
  ["ObjectSizeGreaterThan", "sizeGreaterThan"],
  ["Tag", "tags[0].key"],
])("%s is said at the field %s", (condition, field) => {
  expect(atItsField(new DomainError("not-supported", { condition }))).toMatchObject({
    issues: [{ path: [field], message: "lifecycleConditionNotKept" }],
  });
});

test.each([
  new DomainError("not-supported", { condition: "Transition" }),
  new DomainError("not-supported"),
  new DomainError("conflict"),
  new Error("something else"),
])("what belongs to no field stays as it is: %s", (error) => {
  expect(atItsField(error)).toBe(error);
});
