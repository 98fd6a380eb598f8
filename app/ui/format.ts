/** Formatting for people. Every function takes the locale, so that server and browser agree. */

const unitNames = {
  binary: ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"],
  decimal: ["B", "kB", "MB", "GB", "TB", "PB", "EB"],
};

/** Powers of 1024 (GiB) or of 1000 (GB). */
export type ByteUnits = keyof typeof unitNames;

/**
 * Bytes in the largest unit that leaves a whole number in front, to three significant digits:
 * 1536n → "1.5 KiB". Takes bigints, or decimal strings as they stand in JSON.
 */
export function formatBytes(bytes: bigint | string, locale: string, units: ByteUnits = "binary"): string {
  const base = units === "binary" ? 1024 : 1000;
  const names = unitNames[units];
  let value = Number(bytes);
  let power = 0;
  // A value that would be rounded up to the next unit belongs there: 1023.9 KiB is 1 MiB.
  while (Math.round(value) >= base && power < names.length - 1) {
    value /= base;
    power += 1;
  }
  const maximumFractionDigits = value < 10 ? 2 : value < 100 ? 1 : 0;
  const number = numberFormat(locale, maximumFractionDigits).format(value);
  return `${number}\u00a0${names[power]}`;
}

const numberFormats = new Map<string, Intl.NumberFormat>();

/** Kept: making one costs a hundred times what using it does, and a list has one in each row. */
function numberFormat(locale: string, maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${locale} ${maximumFractionDigits}`;
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(locale, { maximumFractionDigits });
  numberFormats.set(key, format);
  return format;
}

/** A count with the separators of the language: "1234567" → "1.234.567". */
export function formatCount(count: bigint | number | string, locale: string): string {
  return new Intl.NumberFormat(locale).format(typeof count === "string" ? BigInt(count) : count);
}

/** A part of one as a percentage: 0.125 → "12.5%". */
export function formatPercent(part: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(part);
}

export type TimeStyle = "date" | "dateTime" | "exact";

const timeFormats: Record<TimeStyle, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: "medium" },
  dateTime: { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
  exact: {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  },
};

/** A moment in a zone (IANA name). "exact" has the seconds and names the zone. */
export function formatTime(
  at: Date | string,
  locale: string,
  timeZone: string,
  style: TimeStyle = "dateTime",
): string {
  return timeFormat(locale, knownZone(timeZone), style).format(new Date(at));
}

const madeTimeFormats = new Map<string, Intl.DateTimeFormat>();

/** Kept, as {@link numberFormat}s are. */
function timeFormat(locale: string, timeZone: string, style: TimeStyle): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${style}`;
  const hours = style === "date" ? {} : { hourCycle: "h23" as const };
  const format =
    madeTimeFormats.get(key) ??
    new Intl.DateTimeFormat(locale, { ...timeFormats[style], ...hours, timeZone });
  madeTimeFormats.set(key, format);
  return format;
}

/** A zone (IANA name) as people call it: "America/Sao_Paulo" → "Horário Padrão de Brasília". */
export function formatZone(timeZone: string, locale: string): string {
  const zoned = { timeZone: knownZone(timeZone), timeZoneName: "longGeneric" } as const;
  const parts = new Intl.DateTimeFormat(locale, zoned).formatToParts(0);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

const knownZones = new Map<string, string>();

/** The zone, or UTC where this browser's tables are older than the zone: half a page is worse than another zone. */
function knownZone(timeZone: string): string {
  const known = knownZones.get(timeZone) ?? (isKnown(timeZone) ? timeZone : "UTC");
  knownZones.set(timeZone, known);
  return known;
}

function isKnown(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}
