import { type SizeUnit, sizeUnits } from "./states.ts";

/**
 * Up to two places after a comma or a point. A third would make `1.000` a thousand in one language and one in the
 * other.
 */
const number = /^(\d{1,16})(?:[.,](\d{1,2}))?$/;

/** A size as people type it, `1,5` or `1.5` of a unit, in whole bytes; null for what is no such number. */
export function parseSize(text: string, unit: SizeUnit): bigint | null {
  const [, whole, fraction = ""] = number.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  const hundredths = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, "0"));
  return (hundredths * bytesIn(unit)) / 100n;
}

/** The same back, in the largest unit that says it exactly: 1536 bytes are `1.5` KiB. */
export function sizeFields(bytes: bigint): { size: string; unit: SizeUnit } {
  const isExactIn = (unit: SizeUnit) => bytes >= bytesIn(unit) && (bytes * 100n) % bytesIn(unit) === 0n;
  const unit = sizeUnits.findLast(isExactIn) ?? "B";
  const hundredths = (bytes * 100n) / bytesIn(unit);
  const fraction = String(hundredths % 100n)
    .padStart(2, "0")
    .replace(/0+$/, "");
  return { size: `${hundredths / 100n}${fraction && `.${fraction}`}`, unit };
}

function bytesIn(unit: SizeUnit): bigint {
  return 1024n ** BigInt(sizeUnits.indexOf(unit));
}
