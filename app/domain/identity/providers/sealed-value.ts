import { z } from "zod";
import { decrypt, encrypt } from "#app/ports/encryption.server.ts";

/** What a value is kept for; one sealed for something else does not open. */
type SealedFor = "sign-in-attempt" | "pending-identity";

const envelope = z.object({ value: z.unknown(), expiresAt: z.number() });

/** Encrypts a value for a browser to keep: it cannot be read there, nor changed, nor used for long. */
export function seal(what: SealedFor, value: unknown, validMinutes: number): string {
  const expiresAt = Date.now() + validMinutes * 60_000;
  return encrypt(JSON.stringify({ value, expiresAt }), what);
}

/** What `seal` was given; null where it is too old, was changed, or is of another shape. */
export function unseal<Schema extends z.ZodType>(
  what: SealedFor,
  sealed: unknown,
  schema: Schema,
): z.output<Schema> | null {
  if (typeof sealed !== "string") return null;
  try {
    const { value, expiresAt } = envelope.parse(JSON.parse(decrypt(sealed, what)));
    return expiresAt > Date.now() ? schema.parse(value) : null;
  } catch {
    return null;
  }
}
