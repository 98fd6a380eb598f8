import { createHmac } from "node:crypto";
import type { QueryConfig } from "pg";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { pool } from "#app/ports/db.server.ts";
import { env } from "#app/ports/env.server.ts";
import { TooManyAttempts } from "../../errors.ts";
import { takingTurns } from "../taking-turns.ts";

/** How many attempts within how many minutes, counted from the first. What is limited names what its key is. */
const limits = {
  /** Wrong passwords: by address and network; see `sign-in-throttle.ts`. */
  "sign-in": { attempts: 10, minutes: 15 },
  /** By network alone. An office or a mobile carrier shares one address: more. */
  "sign-in-network": { attempts: 100, minutes: 15 },
  /** By user and browser, where the person has signed in with it before. */
  "sign-in-device": { attempts: 10, minutes: 15 },
  /** By address, over all networks. Refuses nobody: it slows the answer, and the owner is told. */
  "sign-in-everywhere": { attempts: Number.MAX_SAFE_INTEGER, minutes: 60 },
  /** Wrong codes of the second factor: by user, and where they have signed in with it before by browser. */
  "second-factor": { attempts: 10, minutes: 15 },
  /** Wrong passwords and codes of somebody who is signed in: by session. */
  reauthentication: { attempts: 10, minutes: 15 },
  /** Sign-ups, each a mail: by address … */
  "sign-up": { attempts: 5, minutes: 60 },
  /** … and by network. */
  "sign-up-network": { attempts: 30, minutes: 60 },
  /** Links to reset a password, each a mail: by address … */
  "password-reset": { attempts: 5, minutes: 60 },
  /** … and by network. */
  "password-reset-network": { attempts: 30, minutes: 60 },
  /** Changes of address asked for, each a mail to somebody: by user. */
  "email-change": { attempts: 5, minutes: 60 },
  /** Further accounts: by user. */
  accounts: { attempts: 10, minutes: 60 },
  /** Invitations sent, each a mail: by account, and by user, who may have many accounts. */
  invitations: { attempts: 50, minutes: 60 },
  "invitations-user": { attempts: 100, minutes: 60 },
  /** Asked for once more by whoever has a link to it: by link. */
  "invitation-mail": { attempts: 3, minutes: 60 },
  /** Surveys of buckets, each a walk through one: by account … */
  surveys: { attempts: 60, minutes: 60 },
  /** … and those of all its buckets at once. */
  "surveys-of-all": { attempts: 10, minutes: 60 },
  /** Buckets to be emptied, and keys to be replaced, each a job or a key at the engine, and a mail to all owners: by account. */
  emptyings: { attempts: 60, minutes: 60 },
  rotations: { attempts: 100, minutes: 60 },
  /** Links that were followed to their end, or guessed: by network. Each refusal stands in the log for years. */
  links: { attempts: 200, minutes: 15 },
  /** Sign-ins by another provider that failed: by network. */
  "provider-sign-in": { attempts: 50, minutes: 15 },
  /** Tests of an access key's connection, each a dozen requests to the engine: by user. */
  "connection-test": { attempts: 20, minutes: 10 },
} as const;

export type Limit = keyof typeof limits;

/**
 * Throws `too-many-attempts` (`seconds` and `minutes` until it is worth trying again) where the limit is used up.
 * Counts nothing. `key` is whose attempts they are; it may be personal: the table holds its keyed hash.
 */
export async function refuseThrottled(limit: Limit, key: string): Promise<void> {
  const found = await limiters[limit].get(hashed(key));
  if (found && found.consumedPoints >= limits[limit].attempts) throw tooManyAttempts(limit, found);
}

/**
 * Counts an attempt, and throws `too-many-attempts` where it is one too many. One statement: of many at once, as many
 * pass as the limit says. So count before the work that is to be limited, and `forgetAttempts` when it went well.
 */
export async function countAttempt(limit: Limit, key: string): Promise<void> {
  try {
    await limiters[limit].consume(hashed(key));
  } catch (refusal) {
    throw refusal instanceof RateLimiterRes ? tooManyAttempts(limit, refusal) : refusal;
  }
}

/** Begins anew: the person has shown that the attempts were theirs. */
export async function forgetAttempts(limit: Limit, key: string): Promise<void> {
  await limiters[limit].delete(hashed(key));
}

/** Takes back the one attempt that went well, and leaves others' failures under the same key. */
export async function forgiveAttempt(limit: Limit, key: string): Promise<void> {
  await limiters[limit].reward(hashed(key));
}

/** Counts an attempt and refuses nobody; answers how many there are with it. */
export async function tallyAttempt(limit: Limit, key: string): Promise<number> {
  return (await limiters[limit].penalty(hashed(key))).consumedPoints;
}

/** Of the pool's connections, so many: a flood of attempts leaves the others to everybody else. */
const inTurn = takingTurns({ atOnce: 3, waitingAtMost: 2_000, tryAgainSeconds: 10 });
const storeClient = { query: (query: QueryConfig) => inTurn(() => pool.query(query)) };

/**
 * One statement for each count (INSERT … ON CONFLICT DO UPDATE), on the process's own connections and outside of any
 * transaction: a refusal rolls its command back, and must count nevertheless. Of the library's stores for PostgreSQL,
 * the one for Prisma needs two statements, between which others count.
 */
const limiters = Object.fromEntries(
  Object.entries(limits).map(([name, { attempts, minutes }]) => [
    name,
    new RateLimiterPostgres({
      storeClient,
      storeType: "client",
      tableName: "rate_limit",
      tableCreated: true,
      // By `purgeExpired`, once a day.
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points: attempts,
      duration: minutes * 60,
    }),
  ]),
) as Record<Limit, RateLimiterPostgres>;

/** Keyed, since addresses and networks are few enough to be tried out. A new secret begins all counts anew. */
function hashed(key: string): string {
  return createHmac("sha256", env.SESSION_SECRETS[0] ?? "")
    .update(`throttle:${key}`)
    .digest("base64url");
}

function tooManyAttempts(limit: Limit, { msBeforeNext, consumedPoints }: RateLimiterRes): TooManyAttempts {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
  return new TooManyAttempts(seconds, consumedPoints === limits[limit].attempts + 1);
}
