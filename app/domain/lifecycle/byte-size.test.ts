import { expect, test } from "vitest";
import { parseSize, sizeFields } from "./byte-size.ts";
import type { SizeUnit } from "./states.ts";

test.each<[text: string, unit: SizeUnit, bytes: bigint | null]>([
  ["10", "B", 10n],
  [" 1.5 ", "KiB", 1_536n],
  ["1,5", "KiB", 1_536n],
  ["0,01", "TiB", 10_995_116_277n],
  ["0.5", "B", 0n],
  ["1.000", "B", null],
  ["1 000", "B", null],
  ["-1", "B", null],
  ["1e3", "B", null],
  ["", "B", null],
])("%j %s is %s bytes", (text, unit, bytes) => {
  expect(parseSize(text, unit)).toBe(bytes);
});

test.each<[bytes: bigint, size: string, unit: SizeUnit]>([
  [0n, "0", "B"],
  [1_023n, "1023", "B"],
  [1_536n, "1.5", "KiB"],
  [1_537n, "1537", "B"],
  [1_099_511_627_775_999n, "1099511627775999", "B"],
  [2_048n, "2", "KiB"],
  [5n * 1024n ** 4n, "5", "TiB"],
])("%s bytes are exactly %s %s", (bytes, size, unit) => {
  expect(sizeFields(bytes)).toEqual({ size, unit });
});
