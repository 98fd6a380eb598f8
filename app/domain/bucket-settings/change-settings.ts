import type { Transaction } from "#app/ports/db.server.ts";
import { PAGE_DEADLINE_MS, type StorageCapabilities } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { type ActiveBucket, atEngine, getActiveBucket } from "../buckets/active-bucket.ts";
import { leaseSettings, releaseSettings } from "../buckets/settings-lease.ts";
import { accountIdOf, type Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** Somebody waits for each of these calls. */
export const page = { deadlineMs: PAGE_DEADLINE_MS };

/** How the port wants to be told of a bucket. */
export type AtEngine = Awaited<ReturnType<typeof atEngine>>;

/** One whose settings nobody else changes for now. */
export type LeasedBucket = ActiveBucket & { leasedUntil: Date };

/** For `begin`: the bucket, whose settings nobody else changes until {@link whileLeased} has ended. */
export async function leaseBucket(
  tx: Transaction,
  context: Context,
  bucketId: string,
): Promise<LeasedBucket> {
  const bucket = await getActiveBucket(accountIdOf(context), bucketId, tx);
  return { ...bucket, leasedUntil: await leaseSettings(tx, bucket.id) };
}

/** For `act`: makes the change, and gives the lease back whatever becomes of it. */
export async function whileLeased<Output>(
  bucket: LeasedBucket,
  change: (at: AtEngine) => Promise<Output>,
): Promise<Output> {
  try {
    return await change(await atEngine(bucket));
  } finally {
    await releaseSettings(bucket.id, bucket.leasedUntil);
  }
}

/** Throws `not-supported` where the engine cannot do that, before anything is sent to it. */
export async function requireCapability(has: (capabilities: StorageCapabilities) => boolean): Promise<void> {
  if (!has(await beforeChanging(storage.capabilities(page)))) throw new DomainError("not-supported");
}

/**
 * What is read from the engine before a change: where it does not answer, nothing was changed, and people are told so.
 * Throws `engine-unavailable`.
 */
export async function beforeChanging<Output>(reading: Promise<Output>): Promise<Output> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof StorageError && error.code === "unavailable")
      throw new DomainError("engine-unavailable");
    throw error;
  }
}

/** Throws `settings-changed` where the engine no longer says what a form was made from. */
export function requireUnchanged(now: unknown, fingerprint: string): void {
  if (fingerprintOf(now) !== fingerprint) throw new DomainError("settings-changed");
}
