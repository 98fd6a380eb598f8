import type { Money } from "./messages.ts";

/** A message cannot be written: a mistake in the code or in its texts, which no retry mends. */
export class EmailRenderError extends Error {
  override name = "EmailRenderError";
}

/**
 * Writes one value as its reader sees it.
 *
 * @param wordFor finds a word of ours by `<kind>.<value>`
 * @returns undefined, or nothing, where the value is not of its kind
 */
export function writeValue(
  kind: string,
  value: unknown,
  { locale, timeZone }: { locale: string; timeZone: string },
  wordFor: (key: string) => string | undefined,
): string | undefined {
  switch (kind) {
    case "line":
      return typeof value === "string" ? oneLine(value) : undefined;
    case "paragraphs":
      return typeof value === "string" ? paragraphs(value) : undefined;
    case "url":
      return typeof value === "string" ? absoluteUrl(value) : undefined;
    case "hours":
      return isWhole(value, 1) ? formatHours(value, locale) : undefined;
    case "count":
      return isWhole(value, 0) ? new Intl.NumberFormat(locale).format(value) : undefined;
    case "percent":
      return isWhole(value, 0)
        ? new Intl.NumberFormat(locale, { style: "percent" }).format(value / 100)
        : undefined;
    case "time":
      return value instanceof Date && !Number.isNaN(value.getTime())
        ? formatMoment(value, locale, timeZone)
        : undefined;
    case "date":
      return typeof value === "string" ? formatDay(value, locale) : undefined;
    case "money":
      return isMoney(value) ? formatMoney(value, locale) : undefined;
    default:
      return typeof value === "string" && /^\w+$/.test(value) ? wordFor(`${kind}.${value}`) : undefined;
  }
}

function formatMoment(at: Date, locale: string, timeZone: string): string {
  const text = new Intl.DateTimeFormat(locale, { ...momentFormat, timeZone }).format(at);
  // A hyphen in a zone such as GMT-3 would break the line.
  return text.replace(/GMT-/, "GMT\u2212");
}

const momentFormat: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "long",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
};

function isWhole(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least;
}

function formatHours(hours: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "unit", unit: "hour", unitDisplay: "long" }).format(hours);
}

/** A day belongs to no zone: it is the same everywhere. */
function formatDay(day: string, locale: string): string | undefined {
  const at = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(at.getTime())) return undefined;
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(at);
}

function isMoney(value: unknown): value is Money {
  const { amountCents, currency } = (value ?? {}) as Partial<Money>;
  return isWhole(amountCents, 0) && typeof currency === "string" && /^[A-Z]{3}$/.test(currency);
}

function formatMoney({ amountCents, currency }: Money, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(amountCents / 100);
}

function absoluteUrl(value: string): string | undefined {
  const url = URL.parse(value);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}

/**
 * Text as one line. A line break in a subject would start another header; a mark that turns the direction of writing
 * could make a name from a form read as something else.
 */
export function oneLine(value: string): string {
  return value
    .replace(directionMarks, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

function paragraphs(value: string): string {
  return value
    .replace(/\r\n?/g, "\n")
    .replace(directionMarks, "")
    .replace(/[^\P{Cc}\n]+/gu, " ")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const directionMarks = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
