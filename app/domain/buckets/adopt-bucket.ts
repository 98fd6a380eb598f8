import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../errors.ts";
import { requireRoomForBuckets } from "./require-room.ts";

interface EngineBucket {
  name: string;
  /** As the engine says. */
  createdAt: Date;
}

/**
 * Takes a bucket that is at the engine already into the account, inside the caller's command. Throws
 * `quota-exceeded`, and `bucket-name-taken` where the account has a bucket of that name by now.
 */
export async function adoptBucket(
  tx: Transaction,
  accountId: string,
  { name, createdAt }: EngineBucket,
): Promise<{ id: string }> {
  await requireRoomForBuckets(tx, accountId, 1);
  // Whoever creates a bucket holds the same lock.
  const taken = await tx.bucket.count({ where: { accountId, name, deletedAt: null } });
  if (taken > 0) throw new DomainError("bucket-name-taken");
  return tx.bucket.create({ data: { accountId, name, createdAt, state: "active" }, select: { id: true } });
}
