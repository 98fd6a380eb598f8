import type { CallOptions } from "./call-options.ts";
import type { AccessKeyGrant, AccessKeyPair, EngineAccessKey, TenantQuota } from "./tenants.ts";

/** Reconciliation and adoption: what the engine has, whoever made it, and how the console takes it over. */
export interface TenantAdoption {
  /**
   * All tenants of the engine with the names of their users, by name; users without a tenant (the gateway's own
   * administrators) are left out. One scan of the engine's users, a request per thousand. For jobs.
   */
  listTenants(options?: CallOptions): Promise<EngineTenant[]>;

  /**
   * All that the engine has of one tenant: owner, access keys, buckets, quotas. `not-found` when it has no user.
   *
   * @param input.users names of the tenant's users from {@link listTenants}: saves looking through all users of
   * the engine, for a run over many tenants. One made since is then missing and one removed since is left out, so
   * look again without them before acting on a difference. A few requests per user. For jobs.
   */
  tenantState(
    input: { tenant: string; users?: readonly string[] },
    options?: CallOptions,
  ): Promise<TenantState>;

  /**
   * Takes a tenant that is at the engine into the console: makes its owner if it has none, wakes it if it was
   * suspended, gives it the management key and its whole policy. Other keys of the owner, other users, quotas and
   * buckets stay as they are: {@link tenantState} shows them. (By contrast {@link provisionTenant} removes the
   * owner's other keys.) Called again it repairs the same things, so it is also what undoes a change of the owner.
   * `not-found` when the engine has no user of that tenant; `already-exists` when the access key id is elsewhere.
   * For jobs.
   */
  adoptTenant(input: AdoptTenantInput, options?: CallOptions): Promise<void>;

  /**
   * Makes the tenant's owner the owner of one of its buckets, which another user of the same tenant made; quota
   * and usage count to the owner from then on. The user before loses what only owning the bucket allowed it.
   * Success when it is the owner's already; `not-found` without such a bucket. For jobs.
   */
  takeOverBucket(input: { tenant: string; bucket: string }, options?: CallOptions): Promise<void>;

  /**
   * Removes one access key id of a user that has several: of the owner, or of an access key's user, whose grant is
   * set anew with it (see {@link setAccessKeyActive}). Success when it is not there. Whoever calls this names no
   * key that the console needs. For jobs.
   */
  removeAccessKeyId(
    input: { tenant: string; accessKeyId: string; holder: "owner" | AccessKeyGrant },
    options?: CallOptions,
  ): Promise<void>;
}

/** A tenant as a list of the engine's users shows it. */
export interface EngineTenant {
  tenant: string;
  /** Whether it has the user that owns its buckets in Balde's scheme: one made elsewhere may not. */
  hasOwner: boolean;
  /** Names of its other users: access keys of the console, and whoever was made elsewhere. */
  users: string[];
}

export interface TenantState {
  tenant: string;
  /** Null when the tenant was made elsewhere and has no user of that name yet. */
  owner: {
    displayName: string;
    suspended: boolean;
    accessKeyIds: string[];
    quota: TenantQuota;
    /** Whether its one policy is the one that {@link StorageDriver.adoptTenant} puts. */
    policyIsWhole: boolean;
  } | null;
  /** All other users, by name. */
  accessKeys: Array<EngineAccessKey & { grant: EngineGrant }>;
  /** Buckets of all users of the tenant, by name. */
  buckets: EngineBucket[];
}

/**
 * What a user may do: the permission, buckets and expiry that one of Balde's policies says, or `unknown`: it has
 * another policy, one of an older release of Balde, or none at all (then `setAccessKeyActive` sets it). `expiresAt`
 * is null for a key that does not expire, and on an engine that keeps no expiry (`capabilities().keyExpiry`).
 */
export type EngineGrant = Required<Omit<AccessKeyGrant, "user">> | "unknown";

export interface EngineBucket {
  name: string;
  createdAt: Date;
  /** Name of the user within the tenant that owns it; `owner` for buckets that the console made. */
  ownerUser: string;
  /** The bucket's own, within the tenant's. */
  quota: TenantQuota;
}

export interface AdoptTenantInput {
  tenant: string;
  /** Shown by the engine's own tools only; null leaves the one it has. */
  displayName: string | null;
  managementKey: AccessKeyPair;
}
