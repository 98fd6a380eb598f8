import { db, type Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../errors.ts";

/** Longer than any change of a setting takes with all its questions to the engine. */
const leaseMs = 15_000;

/**
 * Keeps others from changing a bucket's settings at the engine, which knows no transaction: rules are read, changed and
 * written as a whole, and of two at once one would undo the other. Held for 15 seconds at most, so that a process that
 * dies with it blocks nobody for long. Take it in the command's transaction, give it back once the engine has answered.
 *
 * Answers until when, by which it is given back. Throws `conflict` while somebody else has it.
 */
export async function leaseSettings(tx: Transaction, bucketId: string): Promise<Date> {
  const leasedUntil = new Date(Date.now() + leaseMs);
  const { count } = await tx.bucket.updateMany({
    where: { id: bucketId, OR: [{ settingsBusyUntil: null }, { settingsBusyUntil: { lt: new Date() } }] },
    data: { settingsBusyUntil: leasedUntil },
  });
  if (count !== 1) throw new DomainError("conflict");
  return leasedUntil;
}

/** Gives the lease back, unless it ran out and is somebody else's by now. */
export async function releaseSettings(bucketId: string, leasedUntil: Date): Promise<void> {
  await db.bucket.updateMany({
    where: { id: bucketId, settingsBusyUntil: leasedUntil },
    data: { settingsBusyUntil: null },
  });
}
