import type { EngineBucket, EngineTenant, TenantState } from "../driver.ts";
import { StorageError } from "../errors.ts";
import { allUsers, findUser } from "./admin-users.ts";
import { type EngineBucketStats, userBuckets } from "./bucket-stats.ts";
import type { Call } from "./call.ts";
import { OWNER, ownerUid, uidPrefix } from "./names.ts";
import { grantOf, isOwnerPolicy } from "./policies.ts";
import type { EngineConfig } from "./signed-request.ts";
import { tenantKeyUsers } from "./tenants.ts";
import { findUserPolicy } from "./user-policies.ts";
import { getUserQuota, toQuota } from "./user-quota.ts";

export async function listTenants(config: EngineConfig, call: Call): Promise<EngineTenant[]> {
  const tenants = new Map<string, { hasOwner: boolean; users: Set<string> }>();
  for await (const uid of allUsers(config, call)) {
    const dollar = uid.indexOf("$");
    if (dollar < 1) continue;
    const [tenant, user] = [uid.slice(0, dollar), uid.slice(dollar + 1)];
    const found = tenants.get(tenant) ?? { hasOwner: false, users: new Set() };
    tenants.set(tenant, found);
    if (user === OWNER) found.hasOwner = true;
    else found.users.add(user);
  }
  return [...tenants]
    .map(([tenant, { hasOwner, users }]) => ({ tenant, hasOwner, users: [...users].sort() }))
    .sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
}

export async function tenantState(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; users?: readonly string[] },
): Promise<TenantState> {
  const { tenant } = input;
  const owner = await ownerState(config, call, tenant);
  const accessKeys: TenantState["accessKeys"] = [];
  const buckets = await bucketsOf(config, call, tenant, OWNER);
  for (const name of input.users ?? (await tenantKeyUsers(config, call, tenant))) {
    const key = await keyState(config, call, tenant, name);
    // Removed since it was listed.
    if (!key) continue;
    accessKeys.push(key);
    buckets.push(...(await bucketsOf(config, call, tenant, name)));
  }
  if (!owner && accessKeys.length === 0) throw new StorageError("not-found", { operation: call.operation });
  return {
    tenant,
    owner,
    accessKeys: accessKeys.sort((a, b) => (a.user < b.user ? -1 : 1)),
    buckets: buckets.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

async function ownerState(config: EngineConfig, call: Call, tenant: string): Promise<TenantState["owner"]> {
  const uid = ownerUid(tenant);
  const user = await findUser(config, call, uid);
  if (!user) return null;
  return {
    displayName: user.display_name,
    suspended: user.suspended,
    accessKeyIds: user.keys.map((key) => key.access_key),
    quota: await getUserQuota(config, call, uid),
    policyIsWhole: isOwnerPolicy(await findUserPolicy(config, call, uid)),
  };
}

async function keyState(
  config: EngineConfig,
  call: Call,
  tenant: string,
  name: string,
): Promise<TenantState["accessKeys"][number] | undefined> {
  const uid = uidPrefix(tenant) + name;
  const user = await findUser(config, call, uid);
  if (!user) return undefined;
  return {
    user: name,
    accessKeyIds: user.keys.map((key) => key.access_key),
    active: !user.suspended,
    grant: grantOf(await findUserPolicy(config, call, uid)),
  };
}

async function bucketsOf(
  config: EngineConfig,
  call: Call,
  tenant: string,
  user: string,
): Promise<EngineBucket[]> {
  const buckets: EngineBucketStats[] = await userBuckets(config, call, uidPrefix(tenant) + user);
  return buckets.map(({ bucket, creation_time, bucket_quota }) => ({
    name: bucket,
    createdAt: creation_time,
    ownerUser: user,
    quota: toQuota(bucket_quota),
  }));
}
