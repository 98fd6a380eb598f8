import { type QuotaUnit, quotaUnits } from "./states.ts";

/** Bytes in one of each unit. */
const bytesIn = (unit: QuotaUnit) => 1024n ** BigInt(quotaUnits.indexOf(unit) + 1);

/** More than any engine keeps, and less than what PostgreSQL's bigint holds: an exbibyte. */
const mostBytes = 1024n ** 6n;

/**
 * An amount as people type it, with a point or a comma: “1.5” and “1,5” are the same in both languages. What could be
 * either (“1.500”) is read as the language has it: one thousand five hundred in Portuguese, one and a half in English.
 * Rounded up to whole bytes. Null where it is no amount, is zero, or is more than an exbibyte.
 */
export function parseAmount(text: string, unit: QuotaUnit, locale: string): bigint | null {
  const plain = withPoint(text.replace(/\s/g, ""), locale);
  const [, whole, fraction = ""] = /^(\d{1,19})(?:\.(\d{1,9}))?$/.exec(plain) ?? [];
  if (whole === undefined) return null;
  const scale = 10n ** BigInt(fraction.length);
  const bytes = (BigInt(whole + fraction) * bytesIn(unit) + scale - 1n) / scale;
  return bytes > 0n && bytes <= mostBytes ? bytes : null;
}

/** Digits, with separators of thousands or without, and with decimals or without, which another mark begins. */
const numberForm =
  /^(?:\d{1,19}(?:[.,]\d{1,9})?|\d{1,3}(?<group>[.,])\d{3}(?:\k<group>\d{3})*(?:(?!\k<group>)[.,]\d{1,9})?)$/;

/** The number without separators of thousands, and with a point where its decimals begin. */
function withPoint(text: string, locale: string): string {
  const marks = text.replace(/\d/g, "");
  const last = marks.at(-1);
  if (last === undefined || !numberForm.test(text)) return text;
  const thousands = locale.startsWith("pt") ? "." : ",";
  const isGrouped = /^\d{1,3}([.,]\d{3})+$/.test(text) && new Set(marks).size === 1;
  // Several of one kind group digits; so does a single one that the language writes thousands with.
  if (isGrouped && (marks.length > 1 || last === thousands)) return text.replaceAll(last, "");
  const [whole = "", fraction = ""] = splitAtLast(text, last);
  return `${whole.replace(/[.,]/g, "")}.${fraction}`;
}

function splitAtLast(text: string, mark: string): string[] {
  const at = text.lastIndexOf(mark);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A whole number of things as people type it, “1.000.000” too. Null where it is none, is zero, or is beyond counting. */
export function parseCount(text: string): bigint | null {
  const plain = text.replace(/\s/g, "");
  if (!/^\d{1,18}$|^\d{1,3}(\.\d{3}){1,5}$|^\d{1,3}(,\d{3}){1,5}$/.test(plain)) return null;
  const count = BigInt(plain.replace(/[.,]/g, ""));
  return count > 0n ? count : null;
}

/** An amount for a form: in the largest unit of which it is a whole number; rounded up where it is none of any. */
export function splitAmount(bytes: bigint): { amount: string; unit: QuotaUnit } {
  const unit = quotaUnits.findLast((name) => bytes % bytesIn(name) === 0n) ?? quotaUnits[0];
  return { amount: String((bytes + bytesIn(unit) - 1n) / bytesIn(unit)), unit };
}
