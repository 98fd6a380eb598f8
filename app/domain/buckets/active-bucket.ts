import { db, type Transaction } from "#app/ports/db.server.ts";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";
import { readEngineTenant, readManagementKey } from "../accounts/engine-tenant.ts";
import { DomainError } from "../errors.ts";

/** A bucket of the account that is there, at the engine too. */
export interface ActiveBucket {
  id: string;
  accountId: string;
  name: string;
}

/** Finds it in the account. Throws `not-found`, and `bucket-not-active` while it is being made or deleted. */
export async function getActiveBucket(
  accountId: string,
  bucketId: string,
  tx: Transaction = db,
): Promise<ActiveBucket> {
  const bucket = await tx.bucket.findFirst({
    where: { id: bucketId, accountId, deletedAt: null },
    select: { id: true, accountId: true, name: true, state: true },
  });
  if (!bucket) throw new DomainError("not-found");
  const { state, ...found } = bucket;
  if (state !== "active") throw new DomainError("bucket-not-active");
  return found;
}

/** How the port wants to be told of it: the management key signs. */
export async function atEngine({
  accountId,
  name,
}: ActiveBucket): Promise<{ managementKey: AccessKeyPair; bucket: string; tenant: string }> {
  const [managementKey, tenant] = await Promise.all([
    readManagementKey(accountId),
    readEngineTenant(accountId),
  ]);
  return { managementKey, bucket: name, tenant };
}
