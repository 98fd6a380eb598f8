import type { Transaction } from "#app/ports/db.server.ts";
import type { EngineGrant } from "#app/ports/storage/driver.ts";
import { DomainError } from "../errors.ts";
import { findBucketsByName } from "./granted-buckets.ts";

// What somebody did to a key at the engine, taken over here inside the caller's command. Each throws `conflict`
// where the key is no longer one that works or could be woken.

interface KeyOfAccount {
  accountId: string;
  id: string;
}

/** The key is gone: for the account it is revoked. */
export async function recordLostKey(tx: Transaction, { accountId, id }: KeyOfAccount): Promise<void> {
  await update(tx, { accountId, id }, { state: "revoked", revokedAt: new Date(), lastError: null });
}

/** The key was stopped, or woken. */
export async function recordKeyState(
  tx: Transaction,
  { accountId, id, active }: KeyOfAccount & { active: boolean },
): Promise<void> {
  await update(tx, { accountId, id }, { state: active ? "active" : "inactive" });
}

/** The key's user has this access key id instead. */
export async function recordKeyId(
  tx: Transaction,
  { accountId, id, accessKeyId }: KeyOfAccount & { accessKeyId: string },
): Promise<void> {
  if ((await tx.accessKey.count({ where: { accessKeyId } })) > 0) throw new DomainError("conflict");
  await update(tx, { accountId, id }, { accessKeyId });
}

/** The key may do something else, in other buckets, or for another time. Throws `unknown-bucket` for one that is not here. */
export async function recordKeyGrant(
  tx: Transaction,
  { accountId, id, permission, buckets, expiresAt }: KeyOfAccount & Exclude<EngineGrant, "unknown">,
): Promise<void> {
  await update(tx, { accountId, id }, { permission, allBuckets: buckets === "all", expiresAt });
  // Not the places of deleted buckets: those are kept until the engine has forgotten them (forget-bucket.ts).
  await tx.accessKeyBucket.deleteMany({ where: { accessKeyId: id, bucket: { deletedAt: null } } });
  const chosen = buckets === "all" ? [] : await findBucketsByName(tx, accountId, buckets);
  await tx.accessKeyBucket.createMany({
    data: chosen.map(({ id: bucketId }) => ({ accessKeyId: id, bucketId })),
  });
}

type Change = Parameters<Transaction["accessKey"]["updateMany"]>[0]["data"];

async function update(tx: Transaction, { accountId, id }: KeyOfAccount, data: Change): Promise<void> {
  const { count } = await tx.accessKey.updateMany({
    where: { id, accountId, state: { in: ["active", "inactive"] } },
    data,
  });
  if (count !== 1) throw new DomainError("conflict");
}
