import { hash, verify } from "@node-rs/argon2";

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
  decoy ??= hashPassword("no password has this hash");
  const given = passwordHash ?? (await decoy);
  const matches = await inTurn(() => verify(given, password));
  return passwordHash !== null && matches;
}

/** Of the four threads that libuv has: the others compress pages and read files meanwhile. */
const hashesAtOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * Bounds the memory and the threads that many sign-ins at once can take, and hands them on to their transactions no
 * faster than those can be had. Without it, a few hundred of them hold up every page and end as errors of ours.
 */
async function inTurn<Output>(work: () => Promise<Output>): Promise<Output> {
  if (running < hashesAtOnce) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    // The next takes this one's place; nobody can slip in between.
    if (next) next();
    else running -= 1;
  }
}
