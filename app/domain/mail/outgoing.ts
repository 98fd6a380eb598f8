import type { NotificationKind } from "../notifications/kinds.ts";

/**
 * What a row of the outbox says: which message, and the ids that it is about. Addresses, names and one-time tokens are
 * read, or minted, when it is sent.
 */
export type OutgoingMail =
  | { message: "verify-email"; signUpId: string }
  | { message: "sign-up-attempt"; userId: string }
  | { message: "welcome"; userId: string }
  | { message: "password-reset"; userId: string }
  | { message: "email-change"; emailChangeId: string }
  | { message: "invitation"; invitationId: string }
  /** To the address that the person had before. */
  | { message: "email-changed"; emailChangeId: string }
  | ({ message: Exclude<NotificationKind, "email-changed"> } & NotificationMail);

/** The mail of a notification: the kind's own data, whom it goes to and which account it is about. */
export interface NotificationMail {
  userId: string;
  accountId: string | null;
  data: Record<string, string | number>;
}
