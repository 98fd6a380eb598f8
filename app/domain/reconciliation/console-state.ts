import type { AccessKeyState, AccountState, BucketState } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import type { EngineGrant } from "#app/ports/storage/driver.ts";
import { engineUser } from "../access-keys/engine-key.ts";
import { engineTenantOf } from "../accounts/engine-tenant.ts";

/** States in which an account's tenant is at the engine, and is looked after. */
export const reconciledStates: AccountState[] = ["active", "suspended"];

/** An account as the console has it, in the engine's terms. */
export interface ConsoleState {
  account: {
    state: AccountState;
    name: string;
    tenant: string;
    managementAccessKeyId: string | null;
    /** Null where no quota was granted. */
    storageBytes: bigint | null;
  };
  /** Those that are not deleted, by name. */
  buckets: Map<string, ConsoleBucket>;
  /** Those that are not revoked, by their users at the engine. */
  keys: Map<string, ConsoleKey>;
}

export interface ConsoleBucket {
  id: string;
  state: BucketState;
  createdAt: Date;
}

export interface ConsoleKey {
  id: string;
  name: string;
  accessKeyId: string;
  state: AccessKeyState;
  /** A deleted bucket is still being taken out of its policy (access-keys/forget-bucket.ts). */
  isReleasing: boolean;
  grant: Exclude<EngineGrant, "unknown">;
}

/**
 * Reads it; null where the account is not at the engine. Not one snapshot: `compare` takes two readings and goes by
 * what stands in both.
 */
export async function readConsoleState(accountId: string): Promise<ConsoleState | null> {
  const [account, buckets, keys] = await Promise.all([
    db.account.findUnique({
      where: { id: accountId },
      select: {
        id: true,
        state: true,
        name: true,
        engineTenant: true,
        managementAccessKeyId: true,
        quotas: { where: { resource: "storage_bytes" }, select: { limitValue: true } },
      },
    }),
    db.bucket.findMany({
      where: { accountId, deletedAt: null },
      select: { id: true, name: true, state: true, createdAt: true },
    }),
    db.accessKey.findMany({
      where: { accountId, state: { not: "revoked" } },
      select: {
        id: true,
        name: true,
        accessKeyId: true,
        engineUser: true,
        state: true,
        permission: true,
        allBuckets: true,
        expiresAt: true,
        buckets: { select: { bucket: { select: { name: true, deletedAt: true } } } },
      },
    }),
  ]);
  if (!account || !reconciledStates.includes(account.state)) return null;
  return {
    account: {
      state: account.state,
      name: account.name,
      tenant: engineTenantOf(account),
      managementAccessKeyId: account.managementAccessKeyId,
      storageBytes: account.quotas[0]?.limitValue ?? null,
    },
    buckets: new Map(buckets.map(({ name, ...bucket }) => [name, bucket])),
    keys: new Map(
      keys.map((key) => {
        const live = key.buckets.filter(({ bucket }) => bucket.deletedAt === null);
        const names = live.map(({ bucket }) => bucket.name).sort();
        return [
          engineUser(key.id, key.engineUser),
          {
            id: key.id,
            name: key.name,
            accessKeyId: key.accessKeyId,
            state: key.state,
            isReleasing: live.length < key.buckets.length,
            grant: {
              permission: key.permission,
              buckets: key.allBuckets ? "all" : names,
              expiresAt: key.expiresAt,
            },
          },
        ];
      }),
    ),
  };
}

/** Of these users at the engine those that belong to a revoked key of the account, with the key. */
export async function findRevokedKeys(
  accountId: string,
  users: readonly string[],
): Promise<Map<string, { id: string; name: string }>> {
  const ids = users.flatMap((user) => keyIdIn(user) ?? []);
  const keys = await db.accessKey.findMany({
    where: { accountId, state: "revoked", OR: [{ id: { in: ids } }, { engineUser: { in: [...users] } }] },
    orderBy: { revokedAt: "asc" },
    select: { id: true, name: true, engineUser: true },
  });
  return new Map(keys.map(({ id, name, engineUser: made }) => [engineUser(id, made), { id, name }]));
}

/** The id of the key that the console would make this user for; null for any other name. */
function keyIdIn(user: string): string | null {
  const parts = /^key([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(user);
  return parts ? parts.slice(1).join("-") : null;
}
