import type { MemberRole, ProviderRole } from "#app/generated/prisma/enums.ts";

/** The groups of the preferences page and of the filter, in their order. */
export const notificationGroups = [
  "account",
  "team",
  "storage",
  "billing",
  "operations",
  // Last: there is nothing to choose.
  "security",
] as const;
export type NotificationGroup = (typeof notificationGroups)[number];

interface KindSettings {
  group: NotificationGroup;
  /** Nobody can turn it off, in the console or by mail. The preferences page has the reason, one for each group. */
  always?: true;
  /** Members of an account whom it can concern … */
  members?: readonly MemberRole[];
  /** … or staff of the provider; every person where neither is given. */
  provider?: readonly ProviderRole[];
}

const owners = ["owner"] as const;
const storageWriters = ["owner", "admin"] as const;
/** Who may have made a key, and may still look at it. */
const storageReaders = ["owner", "admin", "developer"] as const;
const payers = ["owner", "billing"] as const;
const everyMember = ["owner", "admin", "billing", "developer", "auditor"] as const;

/**
 * Every kind of notification. Names of messages in `app/emails/` are the same; words stand in `notifications.json` under
 * the same names.
 */
export const notificationKinds = {
  "password-changed": { group: "security", always: true },
  /** By mail alone, to the address before. */
  "email-changed": { group: "security", always: true },
  "second-factor-enabled": { group: "security", always: true },
  "second-factor-disabled": { group: "security", always: true },
  /** By an operator. */
  "second-factor-reset": { group: "security", always: true },
  "recovery-codes-renewed": { group: "security", always: true },
  "recovery-code-used": { group: "security", always: true },
  "identity-linked": { group: "security", always: true },
  "identity-unlinked": { group: "security", always: true },
  /** Many wrong passwords for this address, from many networks. */
  "sign-in-attack": { group: "security", always: true },

  "account-approved": { group: "account", members: owners },
  "account-rejected": { group: "account", members: owners },
  "account-suspended": { group: "account", members: owners, always: true },
  "account-resumed": { group: "account", members: owners },

  "member-joined": { group: "team", members: owners },
  "member-left": { group: "team", members: owners },
  /** To whom it concerns. */
  "member-removed": { group: "team", members: everyMember, always: true },
  "role-changed": { group: "team", members: everyMember, always: true },
  "ownership-transferred": { group: "team", members: everyMember, always: true },
  "invitation-declined": { group: "team", members: owners },

  "storage-changed-elsewhere": { group: "storage", members: owners },
  "access-key-expiring": { group: "storage", members: storageReaders },
  "access-key-rotation-started": { group: "storage", members: storageReaders },
  "access-key-rotation-ending": { group: "storage", members: storageReaders },
  "access-key-rotation-finished": { group: "storage", members: storageReaders },
  "access-key-rotation-undone": { group: "storage", members: storageReaders },
  /** Or the emptying was stopped, or failed. */
  "bucket-emptied": { group: "storage", members: storageWriters },
  "quota-warning": { group: "storage", members: storageWriters },
  "quota-decided": { group: "storage", members: storageWriters },

  "invoice-issued": { group: "billing", members: payers },
  "invoice-due": { group: "billing", members: payers },
  "invoice-overdue": { group: "billing", members: payers, always: true },
  "invoice-paid": { group: "billing", members: payers },

  /** To the provider's operators. */
  "account-submitted": { group: "operations", provider: ["operator"] },
} as const satisfies Record<string, KindSettings>;

export type NotificationKind = keyof typeof notificationKinds;
/** A kind that stands in the console: all but one. */
export type ListedKind = Exclude<NotificationKind, "email-changed">;

export const kindNames = Object.keys(notificationKinds) as NotificationKind[];

/** The settings of a kind, each of them as far as it has it. */
export function settingsOf(kind: NotificationKind): KindSettings {
  return notificationKinds[kind];
}

/** The kinds that a person can choose about. */
export const optionalKinds = kindNames.filter((kind) => !settingsOf(kind).always) as ListedKind[];
