import { randomUUID } from "node:crypto";
import type { Transaction } from "#app/ports/db.server.ts";
import type { AccessKeyGrant } from "#app/ports/storage/driver.ts";
import { DomainError } from "../errors.ts";
import { findBucketsByName } from "./granted-buckets.ts";
import { requireRoomForKey } from "./require-room.ts";

interface EngineKey extends AccessKeyGrant {
  accessKeyId: string;
  active: boolean;
  /** What people call it. */
  name: string;
}

/**
 * Takes an access key that somebody made at the engine into the account, inside the caller's command. Nobody here
 * ever had its secret; who uses it has.
 *
 * Throws `quota-exceeded`; `unknown-bucket` where it is for a bucket that the console does not have;
 * `conflict` where its id, or its user, is a key already.
 */
export async function adoptAccessKey(
  tx: Transaction,
  accountId: string,
  { user, accessKeyId, active, name, permission, buckets, expiresAt = null }: EngineKey,
): Promise<{ id: string }> {
  await requireRoomForKey(tx, accountId);
  const taken = await tx.accessKey.count({
    where: { OR: [{ accessKeyId }, { accountId, engineUser: user, state: { not: "revoked" } }] },
  });
  if (taken > 0) throw new DomainError("conflict");
  const chosen = buckets === "all" ? [] : await findBucketsByName(tx, accountId, buckets);
  return tx.accessKey.create({
    data: {
      accountId,
      requestId: randomUUID(),
      engineUser: user,
      name,
      accessKeyId,
      permission,
      allBuckets: buckets === "all",
      expiresAt,
      state: active ? "active" : "inactive",
      buckets: { create: chosen.map(({ id: bucketId }) => ({ bucketId })) },
    },
    select: { id: true },
  });
}
