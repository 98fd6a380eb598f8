import { expect, test } from "vitest";
import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import { canTakeAnother, shownRules } from "./shown-rules.ts";

const plain: LifecycleRule = { id: "plain", enabled: true, filter: {}, expiration: { days: 3 } };
const odd: LifecycleRule = { ...plain, id: "odd", filter: { prefix: "a\tb" } };
const foreign: LifecycleRule = { ...plain, id: "cold", unknown: ["Transition"] };

const choices = (rules: LifecycleRule[]) =>
  shownRules(rules).map(({ rule: { id }, canEdit, canSwitch, canDelete }) =>
    [id, canEdit && "edit", canSwitch && "switch", canDelete && "delete"].filter(Boolean).join(" "),
  );

test("a rule that the form can say is edited; another one is turned off or deleted", () => {
  expect(choices([plain, odd])).toEqual(["plain edit switch delete", "odd switch delete"]);
  expect(canTakeAnother([plain, odd])).toBe(true);
});

test("beside a rule that would be lost nothing is written; it alone can go", () => {
  expect(choices([plain, foreign])).toEqual(["plain", "cold delete"]);
  expect(canTakeAnother([foreign])).toBe(false);
});

test("of several such rules none can go, since the others would be lost with it", () => {
  expect(choices([foreign, { ...foreign, id: "colder" }])).toEqual(["cold", "colder"]);
});
