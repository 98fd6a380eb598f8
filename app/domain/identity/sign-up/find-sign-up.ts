import { db } from "#app/ports/db.server.ts";
import { hashToken } from "../token.ts";

/** What the confirmation page shows of a sign-up; null where the link is unknown or has expired. */
export async function findSignUp(token: string) {
  return db.signUp.findFirst({
    where: { tokenHash: hashToken(token), tokenExpiresAt: { gt: new Date() } },
    select: { name: true, email: true, accountName: true, provider: true },
  });
}
