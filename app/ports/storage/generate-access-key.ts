import { randomInt } from "node:crypto";
import type { AccessKeyPair } from "./driver.ts";

const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
// No "+" and "/": some clients mishandle them in configuration files and URLs. 40 of 62 is 238 bits.
const SECRET_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Marks an access key id as Balde's, for people and for scanners that look for leaked keys. */
const ID_PREFIX = "BLD";

/**
 * A new access key in the field's shape: an id of 20 upper-case letters and digits, a secret of 40 letters
 * and digits, both from the system's CSPRNG without modulo bias.
 */
export function generateAccessKey(): AccessKeyPair {
  return {
    accessKeyId: ID_PREFIX + randomText(ID_ALPHABET, 20 - ID_PREFIX.length),
    secretAccessKey: randomText(SECRET_ALPHABET, 40),
  };
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}
