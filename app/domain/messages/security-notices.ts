import type { WrittenEmail } from "../mail/deliver-email.ts";
import type { NotificationMail } from "../mail/outgoing.ts";
import { compose, findUserToTell, link, numberIn, textIn } from "./compose.ts";

type SecurityNotice =
  | "password-changed"
  | "second-factor-enabled"
  | "second-factor-disabled"
  | "second-factor-reset"
  | "recovery-codes-renewed"
  | "recovery-code-used"
  | "identity-linked"
  | "identity-unlinked"
  | "sign-in-attack";

/**
 * Something about how a person signs in was changed: when, where that is known from which `address` and `device`, and
 * what to do about it.
 *
 * @param at when it happened
 */
export async function writeSecurityNotice(
  message: SecurityNotice,
  mail: NotificationMail,
  at: Date,
): Promise<WrittenEmail | null> {
  const user = await findUserToTell(mail.userId);
  if (!user) return null;
  const shared = {
    recipientName: user.name,
    at,
    address: knownText(mail, "address"),
    device: knownText(mail, "device"),
    url: link("me", "security"),
  };
  switch (message) {
    case "recovery-code-used":
      return compose(user, message, { ...shared, left: numberIn(mail, "left") });
    case "identity-linked":
    case "identity-unlinked":
      return compose(user, message, { ...shared, identityProvider: textIn(mail, "providerName") });
    default:
      return compose(user, message, shared);
  }
}

function knownText(mail: NotificationMail, name: string): string | null {
  return name in mail.data ? textIn(mail, name) : null;
}
