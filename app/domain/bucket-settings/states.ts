// Apart from schema.ts, so that pages can use them without bringing Zod to the browser.

/** What a rule for requests from other sites may allow (S3). */
export const corsMethods = ["GET", "HEAD", "PUT", "POST", "DELETE"] as const;

/** The name of the rule that lets this console's pages upload; the console makes and removes it. */
export const DIRECT_UPLOADS_RULE = "balde-direct-uploads";

/** The units of a quota's size: powers of 1024, the first one of 1024 bytes. */
export const quotaUnits = ["KiB", "MiB", "GiB", "TiB"] as const;
export type QuotaUnit = (typeof quotaUnits)[number];

/** Tags that a bucket may have (S3). */
export const MOST_TAGS = 50;
