import { hash, parseOptions, verify } from "@node-rs/argon2";
import { takingTurns } from "../taking-turns.ts";

/** The library’s number for argon2id: its enum cannot be imported by a file that is compiled alone. */
const argon2id = 2;

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane (ASVS 11.4.2). */
const parameters = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The password as the user's row keeps it: argon2id with a salt of its own, in PHC form. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, parameters));
}

let decoy: Promise<string> | undefined;

/**
 * True where the password is the one hashed. Without a hash it does the same work and answers false,
 * so that the time taken does not tell whether an address is known.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  // Once, and not in turn: a refusal there would be kept for good.
  decoy ??= hash("no password has this hash", parameters);
  const given = passwordHash ?? (await decoy);
  const matches = await inTurn(() => verify(given, password));
  return passwordHash !== null && matches;
}

/** True where the hash was made with less than what is asked for now: it is made anew when the person signs in. */
export function isOutdated(passwordHash: string): boolean {
  const { algorithm, memoryCost, timeCost, parallelism } = parseOptions(passwordHash);
  return (
    algorithm !== parameters.algorithm ||
    memoryCost < parameters.memoryCost ||
    timeCost < parameters.timeCost ||
    parallelism < parameters.parallelism
  );
}

/**
 * Of the four threads that libuv has two: the others compress pages and read files meanwhile. Those who wait are about
 * ten seconds' worth.
 */
const inTurn = takingTurns({ atOnce: 2, waitingAtMost: 400, tryAgainSeconds: 10 });
