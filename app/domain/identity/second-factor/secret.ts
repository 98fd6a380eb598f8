import { decrypt, encrypt } from "#app/ports/encryption.server.ts";

/** What an encrypted secret is bound to: in another person's row it does not open. */
export function secretContext(userId: string): string {
  return `second-factor:${userId}`;
}

/** The secret as the row keeps it, and as it rides in the form until a code has confirmed it. */
export function sealSecret(secret: string, userId: string): string {
  return encrypt(secret, secretContext(userId));
}

/** Throws where it was changed, is another person's, or its key is gone. */
export function openSecret(sealed: string, userId: string): string {
  return decrypt(sealed, secretContext(userId));
}
