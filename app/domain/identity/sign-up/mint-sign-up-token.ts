import { db } from "#app/ports/db.server.ts";
import { hashToken, newToken } from "../token.ts";

const hourMs = 3_600_000;
/** How long a sign-up's link works; the mail says so. */
export const signUpLinkHours = 24;

/**
 * Mints the token of a sign-up's link, at the moment that the mail is sent, so that it never lies in
 * a job. Answers null where the sign-up is gone. A mail sent twice makes the earlier link invalid.
 */
export async function mintSignUpToken(signUpId: string) {
  const token = newToken();
  const [signUp] = await db.signUp.updateManyAndReturn({
    where: { id: signUpId },
    data: { tokenHash: hashToken(token), tokenExpiresAt: new Date(Date.now() + signUpLinkHours * hourMs) },
    select: { email: true, name: true, locale: true },
  });
  return signUp ? { ...signUp, token } : null;
}
