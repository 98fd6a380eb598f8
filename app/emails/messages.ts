/**
 * Every message that Balde mails, with the values that it needs and what kind each is. The message's looks
 * stand in `<name>.mjml`, its plain text in `<name>.txt`, its words in `app/locales/<language>/emails.json`
 * under the same name.
 *
 * `verify-email` and `sign-up-attempt` name nobody, on purpose: they go to an address that whoever filled in
 * the form chose, so that a name from that form would let a stranger mail words of their own to anyone.
 */
export const emailMessages = {
  "verify-email": { providerName: "line", verificationUrl: "url", linkValidHours: "hours" },
  "sign-up-attempt": { providerName: "line", signInUrl: "url" },
  "account-submitted": {
    providerName: "line",
    submittedByName: "line",
    accountName: "line",
    reviewUrl: "url",
  },
  "account-approved": { providerName: "line", recipientName: "line", accountName: "line", accountUrl: "url" },
  "account-rejected": {
    providerName: "line",
    recipientName: "line",
    accountName: "line",
    reason: "paragraphs",
    accountUrl: "url",
  },
  "storage-changed-elsewhere": {
    providerName: "line",
    recipientName: "line",
    accountName: "line",
    findingsUrl: "url",
  },
} as const satisfies Record<string, Record<string, EmailValueKind>>;

/**
 * - line: text of one line; what would break it is folded into spaces
 * - paragraphs: text whose line breaks are kept
 * - url: an absolute http(s) address
 * - hours: a whole number of hours, written out in the reader's language
 */
export type EmailValueKind = "line" | "paragraphs" | "url" | "hours";

export type EmailMessage = keyof typeof emailMessages;

/** The values that a message needs. */
export type EmailValues<M extends EmailMessage> = {
  [Name in keyof (typeof emailMessages)[M]]: (typeof emailMessages)[M][Name] extends "hours"
    ? number
    : string;
};
