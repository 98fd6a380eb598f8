/**
 * Every message that Balde mails, with the values that it needs and what kind each is. All of them share one layout,
 * `message.mjml` and `message.txt`; what each says stands in `app/locales/<language>/emails.json` under its name.
 *
 * What a stranger can have sent to an address of their choice (signing up, a forgotten password, a new address) names
 * nobody, on purpose: with a name from the form, whoever fills it in would mail words of their own to anyone.
 * An invitation names who invites and into what, as values apart from our sentences, and not in its subject.
 */
export const emailMessages = {
  "verify-email": { url: "url", linkValidHours: "hours" },
  "sign-up-attempt": { url: "url" },
  welcome: { recipientName: "line", url: "url" },
  "password-reset": { url: "url", linkValidHours: "hours" },
  "email-change": { url: "url", linkValidHours: "hours" },
  "email-changed": { recipientName: "line", at: "time" },

  invitation: {
    accountName: "line",
    inviterName: "line?",
    role: "memberRole",
    expiresAt: "time",
    url: "url",
  },
  "invitation-to-staff": { inviterName: "line?", role: "providerRole", expiresAt: "time", url: "url" },

  ...forEach(
    [
      "password-changed",
      "second-factor-enabled",
      "second-factor-disabled",
      "second-factor-reset",
      "recovery-codes-renewed",
      "sign-in-attack",
    ],
    securityNotice(),
  ),
  "recovery-code-used": { ...securityNotice(), left: "count" },
  "identity-linked": { ...securityNotice(), identityProvider: "line" },
  "identity-unlinked": { ...securityNotice(), identityProvider: "line" },

  "account-submitted": { submittedByName: "line", accountName: "line", url: "url" },
  ...forEach(["account-approved", "account-suspended", "account-resumed"], aboutAccount()),
  "account-rejected": { ...aboutAccount(), reason: "paragraphs" },

  ...forEach(["member-joined", "member-left", "ownership-transferred"], {
    ...aboutAccount(),
    memberName: "line",
  }),
  "member-removed": aboutAccount(),
  "role-changed": { ...aboutAccount(), role: "memberRole" },
  "invitation-declined": { ...aboutAccount(), invitedEmail: "line" },
  "invitation-to-staff-declined": { recipientName: "line", invitedEmail: "line", url: "url" },

  "storage-changed-elsewhere": aboutAccount(),
  "access-key-expiring": { ...aboutAccount(), keyName: "line", expiresAt: "time" },
  ...forEach(["access-key-rotation-started", "access-key-rotation-ending", "access-key-rotation-finished"], {
    ...aboutAccount(),
    keyName: "line",
    until: "time",
  }),
  "access-key-rotation-undone": { ...aboutAccount(), keyName: "line" },
  "bucket-emptied": {
    ...aboutAccount(),
    bucketName: "line",
    outcome: "emptyingOutcome",
    removed: "count",
  },
  "quota-warning": { ...aboutAccount(), resource: "quotaResource", percent: "percent" },
  "quota-decided": { ...aboutAccount(), resource: "quotaResource", decision: "quotaDecision" },

  ...forEach(["invoice-issued", "invoice-due", "invoice-overdue", "invoice-paid"], {
    ...aboutAccount(),
    number: "line",
    amount: "money",
    dueOn: "date",
  }),
} as const satisfies Record<string, Record<string, EmailValueKind | `${EmailValueKind}?`>>;

/** What each message about an account needs. */
function aboutAccount() {
  return { recipientName: "line", accountName: "line", url: "url" } as const;
}

/** What each message about a person's own security needs; where it was done from, only where that is known. */
function securityNotice() {
  return { recipientName: "line", at: "time", address: "line?", device: "line?", url: "url" } as const;
}

function forEach<const Name extends string, const Values>(names: readonly Name[], values: Values) {
  return Object.fromEntries(names.map((name) => [name, values])) as Record<Name, Values>;
}

/** What a kind of value is given as. A kind with a question mark may be null, and is then left out of the message. */
interface ValueTypes {
  /** Text of one line; what would break it is folded into spaces. */
  line: string;
  /** Text whose line breaks are kept. */
  paragraphs: string;
  /** An absolute http(s) address. */
  url: string;
  /** A whole number of hours, written out in the reader's language. */
  hours: number;
  /** A whole number of things. */
  count: number;
  /** A whole number, 85 for 85 %. */
  percent: number;
  /** A moment, written in the reader's language and time zone. */
  time: Date;
  /** A day without a time, `2026-11-22`. */
  date: string;
  money: Money;
  // Words of ours, in `emails.words`.
  memberRole: string;
  providerRole: string;
  quotaResource: string;
  quotaDecision: string;
  emptyingOutcome: string;
}

export interface Money {
  amountCents: number;
  /** ISO 4217, such as BRL. */
  currency: string;
}

export type EmailValueKind = keyof ValueTypes;
export type EmailMessage = keyof typeof emailMessages;
type Kinds<M extends EmailMessage> = (typeof emailMessages)[M];

/** The values that a message needs. */
export type EmailValues<M extends EmailMessage> = {
  [Name in keyof Kinds<M>]: Kinds<M>[Name] extends `${infer Kind extends EmailValueKind}?`
    ? ValueTypes[Kind] | null
    : Kinds<M>[Name] extends EmailValueKind
      ? ValueTypes[Kinds<M>[Name]]
      : never;
};
