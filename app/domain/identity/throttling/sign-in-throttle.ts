import { setTimeout as pause } from "node:timers/promises";
import { networkOf } from "./network.ts";
import { countAttempt, forgetAttempts, forgiveAttempt, tallyAttempt } from "./throttle.ts";

/** A browser that somebody has signed in with before, as its signed cookie says. */
export interface KnownDevice {
  userId: string;
  /** Random, made when it first signed in. */
  deviceId: string;
}

export interface SignInAttempt {
  /** As typed, in lower case; whether it has a user makes no difference here. */
  email: string;
  /** Where the request came from. */
  address: string | null;
  /** The user's own browser; null where the request came with none, or with another's. */
  device: KnownDevice | null;
}

/** Failures for one address, over all networks and within an hour, after which answers are slowed. */
const failuresBeforeSlowing = 20;
const slowerByMs = 50;
const slowestMs = 3_000;
/** Answers held back at once; more are given at once, rather than kept in memory. */
const slowedAtOnce = 500;
let slowed = 0;

/** As many failures, and as many again, count as an attack that the owner should hear of. */
export const failuresOfAnAttack = 50;

/**
 * Lets an attempt to sign in pass, or throws `too-many-attempts`. It is counted before the password is looked at, so
 * that many at once are no more than one after the other; `settleSignIn` takes it back where the password was right.
 *
 * ASVS 6.3.1 and 6.3.5: who guesses is stopped by network, for one address after few failures and for all addresses
 * after more. The address itself is never locked, or anybody could lock its owner out: from a network of their own the
 * owner gets in, if slowly, whatever others do; with a browser that they have used before, also from an attacked one.
 *
 * Answers how often this address failed lately from browsers that it does not know, this attempt included.
 */
export async function admitSignIn({ email, address, device }: SignInAttempt): Promise<number> {
  if (device) {
    await countAttempt("sign-in-device", keyOf(device));
    return 0;
  }
  const network = networkOf(address);
  await countAttempt("sign-in", `${email} ${network}`);
  await countAttempt("sign-in-network", network);
  const failures = await tallyAttempt("sign-in-everywhere", email);
  await slowDown(failures);
  return failures;
}

/** The password was right: the attempt was no failure, and those before it were the owner's own. */
export async function settleSignIn({ email, address, device }: SignInAttempt): Promise<void> {
  if (device) return forgetAttempts("sign-in-device", keyOf(device));
  const network = networkOf(address);
  await forgetAttempts("sign-in", `${email} ${network}`);
  // Only this one: or an attacker would sign in with a user of their own now and then.
  await forgiveAttempt("sign-in-network", network);
  await forgiveAttempt("sign-in-everywhere", email);
}

function keyOf({ userId, deviceId }: KnownDevice): string {
  return `${userId} ${deviceId}`;
}

/** Holds the answer back, without a connection to the database. */
async function slowDown(failures: number): Promise<void> {
  const ms = Math.min(slowestMs, Math.max(0, failures - failuresBeforeSlowing) * slowerByMs);
  if (ms === 0 || slowed >= slowedAtOnce) return;
  slowed += 1;
  try {
    await pause(ms);
  } finally {
    slowed -= 1;
  }
}
