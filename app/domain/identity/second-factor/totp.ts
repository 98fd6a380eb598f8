import { Secret, TOTP } from "otpauth";
import { env } from "#app/ports/env.server.ts";

/** RFC 6238 as every authenticator app reads it; some of them know no other. */
const algorithm = "SHA1";
const digits = 6;
const period = 30;
/** Steps before and after the present one: clocks differ, and people take a moment to type (RFC 6238, 5.2). */
const window = 1;

/** A new secret: 160 random bits in base32, as RFC 4226 (4, R6) recommends. */
export function newSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What the QR code says: the secret, and the name under which an app keeps it. */
export function setupUri(secret: string, email: string): string {
  // Who has an entry for more than one installation tells them apart by the host.
  const issuer = `Balde (${new URL(env.PUBLIC_URL).hostname})`;
  return new TOTP({ issuer, label: email, secret, algorithm, digits, period }).toString();
}

/**
 * The time step that a code is of, counted in 30 s since 1970; null where it is of none about now. The caller sees to it
 * that each step counts once.
 */
export function stepOf(secret: string, code: string, atMs = Date.now()): bigint | null {
  // The library compares bytes, and throws where six characters are more than six of them.
  if (!/^[0-9]{6}$/.test(code)) return null;
  const delta = TOTP.validate({
    token: code,
    secret: Secret.fromBase32(secret),
    algorithm,
    digits,
    period,
    timestamp: atMs,
    window,
  });
  return delta === null ? null : BigInt(TOTP.counter({ period, timestamp: atMs }) + delta);
}
