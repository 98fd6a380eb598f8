/** Null is unlimited. */
export interface TenantQuota {
  maxSizeBytes: bigint | null;
  maxObjects: bigint | null;
}

/** An S3 access key id and its secret, as `generateAccessKey` makes them. */
export interface AccessKeyPair {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface ProvisionTenantInput {
  /** The tenant's name at the engine: 1 to 64 of `[A-Za-z0-9_]`, never reused. */
  tenant: string;
  /** Shown by the engine's own tools only. */
  displayName: string;
  managementKey: AccessKeyPair;
  quota: TenantQuota;
}

export interface Tenant {
  tenant: string;
  displayName: string;
  quota: TenantQuota;
  /** Of the owner: the management key's, and any that somebody made at the engine. */
  accessKeyIds: string[];
}

/** What an access key may do. */
export interface AccessKeyGrant {
  /** The key's user within the tenant: 1 to 64 of `[A-Za-z0-9_-]`, never reused, not `owner`. */
  user: string;
  permission: "read" | "read_write";
  /** Names of the tenant's buckets (they need not exist yet), or all present and future ones. */
  buckets: readonly string[] | "all";
  /**
   * When the engine itself begins to refuse the key, where it can (`capabilities().keyExpiry`). A second fence:
   * whoever made the key also revokes it then.
   */
  expiresAt?: Date | null;
}

export interface CreateAccessKeyInput extends AccessKeyGrant, AccessKeyPair {
  tenant: string;
}

export interface EngineAccessKey {
  user: string;
  /** One, unless somebody changed it at the engine. */
  accessKeyIds: string[];
  active: boolean;
}
