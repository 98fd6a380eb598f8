/** The user that owns a tenant's buckets and whose key is the console's management key. */
export const OWNER = "owner";

export function ownerUid(tenant: string): string {
  return `${checkedTenant(tenant)}$${OWNER}`;
}

/** The user that is made for one access key. */
export function keyUid(tenant: string, user: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(user) || user === OWNER) {
    throw new TypeError("A key's user is 1 to 64 of [A-Za-z0-9_-], and not the owner");
  }
  return `${checkedTenant(tenant)}$${user}`;
}

/**
 * A user of the tenant other than the owner, made elsewhere perhaps: any name that the engine takes, but none that
 * could be read as another tenant's user or as a part of one.
 */
export function userUid(tenant: string, user: string): string {
  if (!/^[^$:\p{C}]{1,128}$/u.test(user) || user === OWNER) {
    throw new TypeError("A user is 1 to 128 characters without $ and :, and not the owner");
  }
  return `${checkedTenant(tenant)}$${user}`;
}

/** What every uid of the tenant starts with. */
export function uidPrefix(tenant: string): string {
  return `${checkedTenant(tenant)}$`;
}

/** Refuses what is no name of a tenant: it must never be read as another one's user or bucket. */
export function checkedTenant(tenant: string): string {
  if (!/^[A-Za-z0-9_]{1,64}$/.test(tenant)) throw new TypeError("A tenant is 1 to 64 of [A-Za-z0-9_]");
  return tenant;
}

/**
 * Refuses what is no bucket name. Wider than the console's own rule, since buckets made elsewhere may be
 * adopted, but never a wildcard, a path or an ARN: names go into policies and addresses.
 */
export function checkedBucket(bucket: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{2,254}$/.test(bucket)) throw new TypeError("Not the name of a bucket");
  return bucket;
}
