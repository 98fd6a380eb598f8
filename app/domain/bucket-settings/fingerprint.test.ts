import { expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint.ts";

test("is the same for the same settings, whatever the order of their fields", () => {
  const at = new Date(Date.UTC(2031, 0, 1));
  const one = [{ id: "a", filter: { sizeGreaterThan: 10n, prefix: "p" }, expiration: { date: at } }];
  const other = [
    { expiration: { date: new Date(at) }, filter: { prefix: "p", sizeGreaterThan: 10n }, id: "a" },
  ];
  expect(fingerprintOf(one)).toBe(fingerprintOf(other));
  expect(fingerprintOf(one)).toMatch(/^[0-9a-f]{64}$/);
});

test("is another one for another order of rules, another value, and none at all", () => {
  const values = [
    [{ id: "a" }, { id: "b" }],
    [{ id: "b" }, { id: "a" }],
    [{ id: "a" }],
    [],
    null,
    { maxObjects: 1n },
  ];
  expect(new Set(values.map(fingerprintOf)).size).toBe(values.length);
  expect(fingerprintOf(undefined)).toBe(fingerprintOf(null));
});
