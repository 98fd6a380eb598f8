import { db } from "#app/ports/db.server.ts";
import { linkHours, mintLinkToken } from "../identity/link-tokens.ts";
import { mintSignUpToken, signUpLinkHours } from "../identity/sign-up/mint-sign-up-token.ts";
import type { WrittenEmail } from "../mail/deliver-email.ts";
import { compose, findUserToTell, link, readerAt } from "./compose.ts";

/** The link that confirms a sign-up. */
export async function writeVerification(signUpId: string): Promise<WrittenEmail | null> {
  const signUp = await mintSignUpToken(signUpId);
  if (!signUp) return null;
  return compose(readerAt(signUp.email, signUp.locale), "verify-email", {
    url: link("verify-email", signUp.token),
    linkValidHours: signUpLinkHours,
  });
}

/** Somebody tried to sign up, or to take as their new address, what is the address of a user. */
export async function writeSignUpAttempt(userId: string): Promise<WrittenEmail | null> {
  const user = await findUserToTell(userId);
  return user && compose(user, "sign-up-attempt", { url: link("login") });
}

/** The sign-up was confirmed. */
export async function writeWelcome(userId: string): Promise<WrittenEmail | null> {
  const user = await findUserToTell(userId);
  return user && compose(user, "welcome", { recipientName: user.name, url: link("accounts") });
}

/** The link by which a new password is chosen. */
export async function writePasswordReset(userId: string): Promise<WrittenEmail | null> {
  const user = await findUserToTell(userId);
  if (!user) return null;
  return compose(user, "password-reset", {
    url: link("reset-password", await mintLinkToken("password_reset", userId)),
    linkValidHours: linkHours.password_reset,
  });
}

/** The link that confirms a new address, to that address. */
export async function writeEmailChange(emailChangeId: string): Promise<WrittenEmail | null> {
  const change = await findEmailChange(emailChangeId);
  if (!change || change.confirmedAt || change.user.disabledAt) return null;
  return compose(readerAt(change.newEmail, change.user.locale), "email-change", {
    url: link("confirm-email", await mintLinkToken("email_change", emailChangeId)),
    linkValidHours: linkHours.email_change,
  });
}

/** The address was changed, to the one that it was before: a disabled user's too, since that one may be a thief's. */
export async function writeEmailChanged(emailChangeId: string): Promise<WrittenEmail | null> {
  const change = await findEmailChange(emailChangeId);
  if (!change?.confirmedAt) return null;
  const { name, locale, timeZone } = change.user;
  return compose(readerAt(change.oldEmail, locale, timeZone), "email-changed", {
    recipientName: name,
    at: change.confirmedAt,
  });
}

function findEmailChange(id: string) {
  return db.emailChange.findUnique({
    where: { id },
    select: {
      oldEmail: true,
      newEmail: true,
      confirmedAt: true,
      user: { select: { name: true, locale: true, timeZone: true, disabledAt: true } },
    },
  });
}
