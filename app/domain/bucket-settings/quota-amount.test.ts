import { expect, test } from "vitest";
import { parseAmount, parseCount, splitAmount } from "./quota-amount.ts";

const GiB = 1024n ** 3n;

test.each<[text: string, locale: string, thousandths: bigint | null]>([
  ["1", "en", 1_000n],
  ["1.5", "en", 1_500n],
  ["1,5", "en", 1_500n],
  ["1.5", "pt-BR", 1_500n],
  ["1,5", "pt-BR", 1_500n],
  ["0,125", "pt-BR", 125n],
  ["0.125", "en", 125n],
  // Either: as the language has it.
  ["1.500", "pt-BR", 1_500_000n],
  ["1.500", "en", 1_500n],
  ["1,500", "en", 1_500_000n],
  ["1,500", "pt-BR", 1_500n],
  ["1.234,5", "pt-BR", 1_234_500n],
  ["1.234,5", "en", 1_234_500n],
  ["1,234.5", "en", 1_234_500n],
  ["1,234.5", "pt-BR", 1_234_500n],
  ["1.000.000", "en", 1_000_000_000n],
  ["1,000,000", "pt-BR", 1_000_000_000n],
  ["1 000,5", "pt-BR", 1_000_500n],
  ["1\u00a0000", "en", 1_000_000n],
  [" 10 ", "en", 10_000n],
  ["", "en", null],
  ["0", "en", null],
  ["0,0", "pt-BR", null],
  ["-1", "en", null],
  ["1e3", "en", null],
  ["1.2.3", "en", null],
  ["1.000.5", "pt-BR", null],
  ["1,000,5", "en", null],
  ["1,2,3", "pt-BR", null],
  ["1.", "en", null],
  [".5", "en", null],
  ["12,34.5", "en", null],
  ["1 GiB", "en", null],
  ["٣", "en", null],
])("%j in %s", (text, locale, thousandths) => {
  expect(parseAmount(text, "GiB", locale)).toBe(thousandths === null ? null : (thousandths * GiB) / 1_000n);
});

test("what is no whole number of bytes is rounded up, and a limit is kept", () => {
  expect(parseAmount("0.0001", "KiB", "en")).toBe(1n);
  expect(parseAmount("0,3", "KiB", "pt-BR")).toBe(308n);
  expect(parseAmount("1048576", "TiB", "en")).toBe(1024n ** 6n);
  expect(parseAmount("1048576.1", "TiB", "en")).toBeNull();
  expect(parseAmount("99999999999999999999", "KiB", "en")).toBeNull();
});

test.each<[string, bigint | null]>([
  ["1", 1n],
  ["1000000", 1_000_000n],
  ["1.000.000", 1_000_000n],
  ["1,000,000", 1_000_000n],
  ["1 000", 1_000n],
  ["0", null],
  ["1,5", null],
  ["1.000,000", null],
  ["-1", null],
  ["9999999999999999999", null],
])("a count: %j", (text, count) => {
  expect(parseCount(text)).toBe(count);
});

test.each([
  [1024n, "1", "KiB"],
  [1536n * 1024n, "1536", "KiB"],
  [2n * GiB, "2", "GiB"],
  [(3n * GiB) / 2n, "1536", "MiB"],
  [5000n * 1024n ** 4n, "5000", "TiB"],
] as const)("%d bytes stand in a form as %s %s, and come back", (bytes, amount, unit) => {
  expect(splitAmount(bytes)).toEqual({ amount, unit });
  for (const locale of ["en", "pt-BR"]) expect(parseAmount(amount, unit, locale)).toBe(bytes);
});
