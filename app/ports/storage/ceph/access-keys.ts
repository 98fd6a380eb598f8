import type { AccessKeyGrant, CreateAccessKeyInput, EngineAccessKey } from "../driver.ts";
import { StorageError } from "../errors.ts";
import { findUser, modifyUser, removeUser } from "./admin-users.ts";
import { isStorageError } from "./answers.ts";
import type { Call } from "./call.ts";
import { capabilities, requireTenants } from "./capabilities.ts";
import { ensureUser } from "./ensure-user.ts";
import { keyUid, ownerUid, uidPrefix, userUid } from "./names.ts";
import { accessKeyPolicy, type PolicyDocument } from "./policies.ts";
import type { EngineConfig } from "./signed-request.ts";
import { tenantKeyUsers } from "./tenants.ts";
import { setUserPolicy } from "./user-policies.ts";

const NO_BUCKETS = -1;

export async function createAccessKey(
  config: EngineConfig,
  call: Call,
  input: CreateAccessKeyInput,
): Promise<void> {
  const uid = keyUid(input.tenant, input.user);
  const policy = await enginePolicy(config, call, input);
  // The gateway would make the user, and with it a tenant that nobody provisioned.
  if (!(await findUser(config, call, ownerUid(input.tenant)))) {
    throw new StorageError("not-found", { operation: call.operation });
  }
  // Without a policy the new user may do nothing, so a crash between the two leaves a useless key, no open one.
  await ensureUser(config, call, {
    uid,
    displayName: input.user,
    key: { accessKeyId: input.accessKeyId, secretAccessKey: input.secretAccessKey },
    maxBuckets: NO_BUCKETS,
  });
  await setUserPolicy(config, call, uid, policy);
}

export async function setAccessKeyActive(
  config: EngineConfig,
  call: Call,
  input: AccessKeyGrant & { tenant: string; active: boolean },
): Promise<void> {
  const uid = userUid(input.tenant, input.user);
  const policy = await enginePolicy(config, call, input);
  const user = await findUser(config, call, uid);
  if (!user) throw new StorageError("not-found", { operation: call.operation });
  // Made elsewhere, it may be one that creates buckets, which no policy would keep it from.
  if (user.suspended === input.active || user.max_buckets !== NO_BUCKETS) {
    await modifyUser(config, call, uid, { suspended: !input.active, maxBuckets: NO_BUCKETS });
  }
  await setUserPolicy(config, call, uid, policy);
}

/** Wakes the keys named, with what each may do. */
export async function resumeTenant(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; keys: readonly AccessKeyGrant[] },
): Promise<void> {
  for (const key of input.keys) {
    try {
      await setAccessKeyActive(config, call, { ...key, tenant: input.tenant, active: true });
    } catch (error) {
      // Revoked in the meantime.
      if (!isStorageError(error, "not-found")) throw error;
    }
  }
}

export async function revokeAccessKey(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; user: string },
): Promise<void> {
  await removeUser(config, call, userUid(input.tenant, input.user));
}

export async function listAccessKeys(
  config: EngineConfig,
  call: Call,
  tenant: string,
): Promise<EngineAccessKey[]> {
  const keys: EngineAccessKey[] = [];
  for (const name of await tenantKeyUsers(config, call, tenant)) {
    const user = await findUser(config, call, uidPrefix(tenant) + name);
    // Revoked since it was listed.
    if (!user) continue;
    keys.push({
      user: name,
      accessKeyIds: user.keys.map((key) => key.access_key),
      active: !user.suspended,
    });
  }
  return keys;
}

/** The grant's policy as this engine can evaluate it. */
export async function enginePolicy(
  config: EngineConfig,
  call: Call,
  grant: AccessKeyGrant,
): Promise<PolicyDocument> {
  // A malformed name is found here, before anything is asked.
  const policy = accessKeyPolicy({ ...grant, expiresAt: null });
  await requireTenants(config, call);
  const { keyExpiry } = await capabilities(config, call);
  return keyExpiry ? accessKeyPolicy(grant) : policy;
}
