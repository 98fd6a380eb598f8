import type { AccessKeyGrant, AdoptTenantInput } from "../driver.ts";
import { StorageError } from "../errors.ts";
import { enginePolicy } from "./access-keys.ts";
import { findUser, modifyUser } from "./admin-users.ts";
import { readBucket } from "./bucket-stats.ts";
import type { Call } from "./call.ts";
import { requireTenants } from "./capabilities.ts";
import { ensureUser } from "./ensure-user.ts";
import { checkedBucket, checkedTenant, ownerUid, userUid } from "./names.ts";
import { OWNER_POLICY } from "./policies.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";
import { tenantKeyUsers, UNLIMITED_BUCKETS } from "./tenants.ts";
import { ensureKey, removeKey } from "./user-keys.ts";
import { setUserPolicy } from "./user-policies.ts";

export async function adoptTenant(config: EngineConfig, call: Call, input: AdoptTenantInput): Promise<void> {
  const uid = ownerUid(input.tenant);
  await requireTenants(config, call);
  const owner = await findUser(config, call, uid);
  if (owner) {
    const displayName = input.displayName ?? owner.display_name;
    const differs =
      owner.suspended || owner.max_buckets !== UNLIMITED_BUCKETS || owner.display_name !== displayName;
    if (differs) {
      await modifyUser(config, call, uid, { displayName, suspended: false, maxBuckets: UNLIMITED_BUCKETS });
    }
    await ensureKey(config, call, uid, owner, input.managementKey);
  } else {
    // A tenant is what its users' names say: without any there is nothing to adopt.
    if ((await tenantKeyUsers(config, call, input.tenant)).length === 0) {
      throw new StorageError("not-found", { operation: call.operation });
    }
    await ensureUser(config, call, {
      uid,
      displayName: input.displayName ?? input.tenant,
      key: input.managementKey,
      maxBuckets: UNLIMITED_BUCKETS,
    });
  }
  await setUserPolicy(config, call, uid, OWNER_POLICY);
}

/**
 * Links the bucket to the tenant's owner. That rewrites the bucket's ACL; its objects keep theirs, which the
 * owner's policy makes readable.
 */
export async function takeOverBucket(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; bucket: string },
): Promise<void> {
  const uid = ownerUid(input.tenant);
  const bucket = await readBucket(config, call, input);
  if (bucket.owner === uid) return;
  await sendAdminRequest(config, call, {
    method: "PUT",
    path: "/admin/bucket",
    service: "s3",
    query: {
      bucket: `${checkedTenant(input.tenant)}/${checkedBucket(input.bucket)}`,
      "bucket-id": bucket.id,
      uid,
    },
  });
  const after = await readBucket(config, call, input);
  if (after.owner !== uid) {
    throw new StorageError("unexpected", { operation: call.operation, engineCode: "OwnerUnchanged" });
  }
}

export async function removeAccessKeyId(
  config: EngineConfig,
  call: Call,
  input: { tenant: string; accessKeyId: string; holder: "owner" | AccessKeyGrant },
): Promise<void> {
  const { tenant, accessKeyId, holder } = input;
  const uid = holder === "owner" ? ownerUid(tenant) : userUid(tenant, holder.user);
  const policy = holder === "owner" ? OWNER_POLICY : await enginePolicy(config, call, holder);
  const user = await findUser(config, call, uid);
  if (!user) return;
  await removeKey(config, call, uid, accessKeyId);
  await setUserPolicy(config, call, uid, policy);
}
