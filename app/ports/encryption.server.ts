import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { env } from "./env.server.ts";

const algorithm = "aes-256-gcm";

/**
 * Encrypts a secret that Balde must be able to use again (ASVS 11.3.3). `context` names what it
 * belongs to and is authenticated with it, so that a stored value moved to another row is refused.
 *
 * Answers `keyId.iv.tag.ciphertext`, base64url; the newest of ENCRYPTION_KEYS encrypts, all decrypt.
 */
export function encrypt(secret: string, context: string): string {
  const { id, key } = newestKey();
  const iv = randomBytes(12);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return [id, ...[iv, cipher.getAuthTag(), ciphertext].map((part) => part.toString("base64url"))].join(".");
}

/** Throws where the key is unknown, or the value or its context was changed. */
export function decrypt(encrypted: string, context: string): string {
  const [keyId, ...parts] = encrypted.split(".");
  const key = env.ENCRYPTION_KEYS.find(({ id }) => id === keyId)?.key;
  const [iv, tag, ciphertext] = parts.map((part) => Buffer.from(part, "base64url"));
  if (!key || !iv || !tag || !ciphertext) throw new Error(`no encryption key ${keyId}`);
  // Node takes shorter tags unless told not to, and those can be guessed.
  const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: 16 })
    .setAAD(Buffer.from(context))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("utf8");
}

/** Id of the key that encrypts what is new. */
export function newestKeyId(): string {
  return newestKey().id;
}

/** Whether the key that encrypted this is among ENCRYPTION_KEYS. */
export function hasKeyFor(encrypted: string): boolean {
  return env.ENCRYPTION_KEYS.some(({ id }) => encrypted.startsWith(`${id}.`));
}

function newestKey() {
  const [newest] = env.ENCRYPTION_KEYS;
  if (!newest) throw new Error("ENCRYPTION_KEYS is empty");
  return newest;
}
