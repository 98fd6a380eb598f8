import { expect, test } from "vitest";
import { type ByteUnits, formatBytes, formatCount, formatPercent, formatTime, formatZone } from "./format.ts";

test.each<[bytes: bigint | string, units: ByteUnits, en: string, ptBR: string]>([
  [0n, "binary", "0 B", "0 B"],
  [1023n, "binary", "1,023 B", "1.023 B"],
  [1024n, "binary", "1 KiB", "1 KiB"],
  [1536n, "binary", "1.5 KiB", "1,5 KiB"],
  // One byte short of the next unit is shown as the next unit, not as 1,024 of this one.
  [1048575n, "binary", "1 MiB", "1 MiB"],
  [1073741824n, "binary", "1 GiB", "1 GiB"],
  ["84302938112", "binary", "78.5 GiB", "78,5 GiB"],
  [999n, "decimal", "999 B", "999 B"],
  [999_999n, "decimal", "1 MB", "1 MB"],
  [1_500_000_000n, "decimal", "1.5 GB", "1,5 GB"],
  // Beyond what a double counts exactly, and beyond the largest unit.
  ["9223372036854775807", "binary", "8 EiB", "8 EiB"],
  [2n ** 74n, "binary", "16,384 EiB", "16.384 EiB"],
])("%s bytes in %s units", (bytes, units, en, ptBR) => {
  expect(formatBytes(bytes, "en", units)).toBe(en.replace(" ", "\u00a0"));
  expect(formatBytes(bytes, "pt-BR", units)).toBe(ptBR.replace(" ", "\u00a0"));
});

test("a count keeps every digit", () => {
  expect(formatCount("9007199254740993", "pt-BR")).toBe("9.007.199.254.740.993");
  expect(formatCount(1234567, "en")).toBe("1,234,567");
});

test("a part as a percentage", () => {
  expect(formatPercent(0.125, "en")).toBe("12.5%");
  expect(formatPercent(0.125, "pt-BR")).toBe("12,5%");
});

test("a moment is shown in the zone that is asked for, summer time included", () => {
  const zone = "America/Sao_Paulo";
  expect(formatTime("2026-07-01T02:30:00Z", "en", zone)).toBe("Jun 30, 2026, 23:30");
  expect(formatTime("2018-11-04T03:00:00Z", "pt-BR", zone)).toBe("4 de nov. de 2018, 01:00");
  expect(formatTime(new Date("2026-07-01T02:30:00Z"), "pt-BR", zone, "date")).toBe("30 de jun. de 2026");
  expect(formatTime("2026-07-01T03:00:00Z", "en", zone, "exact")).toBe("Jul 1, 2026, 00:00:00 GMT-3");
});

test("a zone has the name that people call it by", () => {
  expect(formatZone("America/Sao_Paulo", "en")).toMatch(/^Brasilia .*Time$/);
  expect(formatZone("America/Sao_Paulo", "pt-BR")).toMatch(/^Horário .*Brasília$/);
});
