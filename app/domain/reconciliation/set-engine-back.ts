import { db } from "#app/ports/db.server.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readGrant } from "../access-keys/engine-key.ts";
import { readManagementKey } from "../accounts/engine-tenant.ts";
import { DomainError } from "../errors.ts";
import type { Difference } from "./findings.ts";
import type { Look } from "./look.ts";

/**
 * Sets one thing at the engine back to what the console says. Never deletes a bucket that holds anything. Safe to
 * repeat after a crash at any point.
 *
 * Throws StorageErrors as the engine refuses, and `decision-impossible` for what cannot be set back.
 */
export async function setEngineBack(accountId: string, found: Difference, now: Look): Promise<void> {
  const { kind, resource } = found;
  const { account } = now.console;
  const { tenant } = account;
  switch (kind) {
    case "bucket_only_at_engine":
      return removeBucket(accountId, tenant, resource);
    case "bucket_missing_at_engine":
      return makeBucket(accountId, resource);
    case "bucket_owner_differs":
      return storage.takeOverBucket({ tenant, bucket: resource });
    case "key_only_at_engine":
      return storage.revokeAccessKey({ tenant, user: resource });
    case "key_state_differs":
    case "key_grant_differs":
      return setKey(accountId, tenant, found, now);
    case "key_ids_differ":
      return removeForeignIds(accountId, tenant, found);
    case "quota_differs":
      return storage.setQuota({ tenant, quota: { maxSizeBytes: account.storageBytes, maxObjects: null } });
    case "owner_key_only_at_engine":
      return storage.removeAccessKeyId({ tenant, accessKeyId: resource, holder: "owner" });
    case "owner_changed":
      return storage.adoptTenant({
        tenant,
        displayName: null,
        managementKey: await readManagementKey(accountId),
      });
    case "tenant_missing_at_engine":
      return storage.provisionTenant({
        tenant,
        displayName: account.name,
        managementKey: await readManagementKey(accountId),
        quota: { maxSizeBytes: account.storageBytes, maxObjects: null },
      });
    case "key_missing_at_engine":
      throw new DomainError("decision-impossible");
  }
}

async function removeBucket(accountId: string, tenant: string, bucket: string): Promise<void> {
  // Deleting would abort uploads that are still open, and their parts are data as well.
  const [stats] = await storage.bucketStats({ tenant, bucket }).catch((error: unknown) => {
    if (error instanceof StorageError && error.code === "not-found") return [];
    throw error;
  });
  if (stats && (stats.objectCount > 0n || stats.sizeBytes > 0n)) {
    throw new StorageError("bucket-not-empty", { operation: "deleteBucket" });
  }
  const managementKey = await readManagementKey(accountId);
  await storage.deleteBucket({ managementKey, bucket });
  // Somebody may have created one of that name in the console meanwhile: then it was theirs that went, empty.
  const ours = await db.bucket.count({
    where: { accountId, name: bucket, state: "active", deletedAt: null },
  });
  if (ours > 0) await storage.createBucket({ managementKey, bucket });
}

async function makeBucket(accountId: string, bucket: string): Promise<void> {
  const managementKey = await readManagementKey(accountId);
  await storage.createBucket({ managementKey, bucket });
  // Deleted in the console meanwhile, perhaps before it was made here.
  const ours = await db.bucket.count({ where: { accountId, name: bucket, deletedAt: null } });
  if (ours === 0) await storage.deleteBucket({ managementKey, bucket });
}

async function setKey(accountId: string, tenant: string, found: Difference, now: Look): Promise<void> {
  const key = now.console.keys.get(found.resource);
  const grant = key && (await readGrant(accountId, key.id));
  if (!grant) throw new DomainError("conflict");
  const active = key.state === "active" && now.console.account.state === "active";
  await storage.setAccessKeyActive({ ...grant, tenant, active });
}

async function removeForeignIds(accountId: string, tenant: string, found: Difference): Promise<void> {
  const ours = found.consoleSays?.accessKeyIds ?? [];
  const theirs = found.engineSays?.accessKeyIds ?? [];
  const holder = found.consoleSays?.id ? await readGrant(accountId, found.consoleSays.id) : null;
  if (!holder || !ours.some((id) => theirs.includes(id))) throw new DomainError("decision-impossible");
  for (const accessKeyId of theirs.filter((id) => !ours.includes(id))) {
    await storage.removeAccessKeyId({ tenant, accessKeyId, holder });
  }
}
