import { EmailRenderError } from "#app/emails/render.ts";
import type { QueuedEmail, WrittenEmail } from "../mail/deliver-email.ts";
import type { OutgoingMail } from "../mail/outgoing.ts";
import { writeAccountNotice, writeSubmission } from "./account-notices.ts";
import { writeInvitation } from "./invitation.ts";
import { writeInvoiceNotice } from "./invoice-notices.ts";
import { writeSecurityNotice } from "./security-notices.ts";
import {
  writeEmailChange,
  writeEmailChanged,
  writePasswordReset,
  writeSignUpAttempt,
  writeVerification,
  writeWelcome,
} from "./sign-in-messages.ts";
import {
  writeEmptyingNotice,
  writeKeyNotice,
  writeQuotaNotice,
  writeStorageChange,
} from "./storage-notices.ts";
import { writeTeamNotice } from "./team-notices.ts";

/**
 * Writes a mail of the outbox from the rows that it is about, as they are now; tokens of links are minted here. Null
 * where what it was about is gone, or was decided otherwise since.
 *
 * @throws {EmailRenderError} where it cannot be written at all
 */
export async function writeEmail({ mail, queuedAt }: QueuedEmail): Promise<WrittenEmail | null> {
  switch (mail.message) {
    case "verify-email":
      return writeVerification(mail.signUpId);
    case "sign-up-attempt":
      return writeSignUpAttempt(mail.userId);
    case "welcome":
      return writeWelcome(mail.userId);
    case "password-reset":
      return writePasswordReset(mail.userId);
    case "email-change":
      return writeEmailChange(mail.emailChangeId);
    case "email-changed":
      return writeEmailChanged(mail.emailChangeId);
    case "invitation":
      return writeInvitation(mail.invitationId);
    case "password-changed":
    case "second-factor-enabled":
    case "second-factor-disabled":
    case "second-factor-reset":
    case "recovery-codes-renewed":
    case "recovery-code-used":
    case "identity-linked":
    case "identity-unlinked":
    case "sign-in-attack":
      return writeSecurityNotice(mail.message, mail, queuedAt);
    case "account-submitted":
      return writeSubmission(mail);
    case "account-approved":
    case "account-rejected":
    case "account-suspended":
    case "account-resumed":
      return writeAccountNotice(mail.message, mail);
    case "member-joined":
    case "member-left":
    case "member-removed":
    case "role-changed":
    case "ownership-transferred":
    case "invitation-declined":
      return writeTeamNotice(mail.message, mail);
    case "storage-changed-elsewhere":
      return writeStorageChange(mail);
    case "access-key-expiring":
    case "access-key-rotation-started":
    case "access-key-rotation-ending":
    case "access-key-rotation-finished":
    case "access-key-rotation-undone":
      return writeKeyNotice(mail.message, mail);
    case "bucket-emptied":
      return writeEmptyingNotice(mail);
    case "quota-warning":
    case "quota-decided":
      return writeQuotaNotice(mail.message, mail);
    case "invoice-issued":
    case "invoice-due":
    case "invoice-overdue":
    case "invoice-paid":
      return writeInvoiceNotice(mail.message, mail);
    default:
      return unknownMessage(mail);
  }
}

/** A row of a newer version, or of one that had a message which is no more. */
function unknownMessage(mail: never): never {
  throw new EmailRenderError(`no message is called ${String((mail as OutgoingMail).message)}`);
}
