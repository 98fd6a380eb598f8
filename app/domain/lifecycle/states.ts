// Apart from rule-input.ts, so that pages can use them without bringing Zod to the browser.

/** What a form offers for current objects: nothing, after days, from a date on, or their left-over delete markers. */
export const expirations = ["none", "days", "date", "markers"] as const;

/** Units in which a size is typed, each 1,024 of the one before. */
export const sizeUnits = ["B", "KiB", "MiB", "GiB", "TiB"] as const;
export type SizeUnit = (typeof sizeUnits)[number];

/** Tags that a rule may ask for: as many as an object may have (S3). */
export const MOST_TAGS = 10;
/** Rules in a bucket (S3). */
export const MOST_RULES = 1_000;
