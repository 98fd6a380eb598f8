import type { ProvisionTenantInput, Tenant, TenantQuota } from "../driver.ts";
import { StorageError } from "../errors.ts";
import { allUsers, findUser, modifyUser, removeUser } from "./admin-users.ts";
import { isStorageError } from "./answers.ts";
import { ownedBuckets } from "./bucket-stats.ts";
import type { Call } from "./call.ts";
import { requireTenants } from "./capabilities.ts";
import { ensureUser } from "./ensure-user.ts";
import { ownerUid, uidPrefix } from "./names.ts";
import { OWNER_POLICY } from "./policies.ts";
import type { EngineConfig } from "./signed-request.ts";
import { setUserPolicy } from "./user-policies.ts";
import { getUserQuota, setUserQuota } from "./user-quota.ts";

export const UNLIMITED_BUCKETS = 0;

export async function provisionTenant(
  config: EngineConfig,
  call: Call,
  input: ProvisionTenantInput,
): Promise<void> {
  const uid = ownerUid(input.tenant);
  await requireTenants(config, call);
  await ensureUser(config, call, {
    uid,
    displayName: input.displayName,
    key: input.managementKey,
    // How many buckets an account may have is the console's rule, so there is one place to change it.
    maxBuckets: UNLIMITED_BUCKETS,
  });
  await setUserQuota(config, call, uid, input.quota);
  await setUserPolicy(config, call, uid, OWNER_POLICY);
}

export async function getTenant(config: EngineConfig, call: Call, tenant: string): Promise<Tenant> {
  const uid = ownerUid(tenant);
  const owner = await findUser(config, call, uid);
  if (!owner) throw new StorageError("not-found", { operation: call.operation });
  return {
    tenant,
    displayName: owner.display_name,
    quota: await getUserQuota(config, call, uid),
    accessKeyIds: owner.keys.map((key) => key.access_key),
  };
}

export async function setQuota(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; quota: TenantQuota },
): Promise<void> {
  const uid = ownerUid(input.tenant);
  await setUserQuota(config, call, uid, input.quota);
  await setUserPolicy(config, call, uid, OWNER_POLICY);
}

/** Suspends the users of the tenant's access keys, known to the console or not; never the owner. */
export async function suspendTenant(config: EngineConfig, call: Call, tenant: string): Promise<void> {
  for (const user of await tenantKeyUsers(config, call, tenant)) {
    try {
      await modifyUser(config, call, uidPrefix(tenant) + user, { suspended: true });
    } catch (error) {
      // Revoked since it was listed.
      if (!isStorageError(error, "not-found")) throw error;
    }
  }
}

export async function removeTenant(config: EngineConfig, call: Call, tenant: string): Promise<void> {
  // Asked first, so that a tenant that cannot go yet keeps its keys.
  if ((await ownedBuckets(config, call, tenant)).length > 0) {
    throw new StorageError("bucket-not-empty", { operation: call.operation });
  }
  for (const user of await tenantKeyUsers(config, call, tenant)) {
    await removeUser(config, call, uidPrefix(tenant) + user);
  }
  await removeUser(config, call, ownerUid(tenant));
}

/**
 * The names of the users of the tenant's access keys.
 *
 * The gateway lists users of all tenants in the order of their hashes, so there is no shorter way. Taken from
 * the engine and not from the console's rows: a suspension must also reach a key that the console lost.
 */
export async function tenantKeyUsers(config: EngineConfig, call: Call, tenant: string): Promise<string[]> {
  const prefix = uidPrefix(tenant);
  const owner = ownerUid(tenant);
  const users = new Set<string>();
  for await (const uid of allUsers(config, call)) {
    if (uid.startsWith(prefix) && uid !== owner) users.add(uid.slice(prefix.length));
  }
  return [...users].sort();
}
