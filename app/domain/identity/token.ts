import { createHash, randomBytes } from "node:crypto";

/** A secret for a link or a cookie: 256 random bits, base64url. Only its hash is stored (ASVS 6.4.1, 7.2.3). */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256: enough for 256 random bits, which no dictionary holds. */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(token).digest());
}
