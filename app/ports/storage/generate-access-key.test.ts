import { expect, test } from "vitest";
import { generateAccessKey } from "./generate-access-key.ts";

test("an access key has the field's shape, and no two are alike", () => {
  const keys = Array.from({ length: 1_000 }, generateAccessKey);
  for (const { accessKeyId, secretAccessKey } of keys) {
    expect(accessKeyId).toMatch(/^BLD[A-Z0-9]{17}$/);
    expect(secretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/);
  }
  expect(new Set(keys.map((key) => key.accessKeyId)).size).toBe(1_000);
  expect(new Set(keys.map((key) => key.secretAccessKey)).size).toBe(1_000);
});

test("every character of the alphabets turns up", () => {
  const keys = Array.from({ length: 1_000 }, generateAccessKey);
  expect(new Set(keys.flatMap((key) => [...key.accessKeyId.slice(3)])).size).toBe(36);
  expect(new Set(keys.flatMap((key) => [...key.secretAccessKey])).size).toBe(62);
});
