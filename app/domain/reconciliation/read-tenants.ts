import { db } from "#app/ports/db.server.ts";
import { PAGE_DEADLINE_MS, type TenantState } from "#app/ports/storage/driver.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { accountIdIn } from "../accounts/tie-to-tenant.ts";
import { authorizeInAccount, can } from "../authorization.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { asRefusal } from "./adopt-tenant.ts";
import { adoptTenantInput } from "./schema.ts";

/** More than this are looked for by how their names begin. */
const shownTenants = 50;

/** Whether the account can be tied to a tenant: it has nothing at the engine yet, and the caller may. */
export async function mayAdoptTenant(context: Context): Promise<boolean> {
  if (!can(context, "accounts:adopt-tenant") || context.accountId === null) return false;
  const account = await db.account.findUnique({
    where: { id: context.accountId },
    select: { state: true, _count: { select: { buckets: true, accessKeys: true } } },
  });
  if (!account) return false;
  const { buckets, accessKeys } = account._count;
  return ["pending", "approved", "active"].includes(account.state) && buckets + accessKeys === 0;
}

export interface FreeTenant {
  tenant: string;
  /** Users beside the owner: keys, or whoever was made elsewhere. */
  userCount: number;
}

export interface FreeTenantList {
  tenants: FreeTenant[];
  hasMore: boolean;
  isAvailable: boolean;
  q: string;
}

/**
 * The engine's tenants that no account has, by name, 50 at most; `q` is how their names begin. `isAvailable` is
 * false where the engine does not answer in a page's time.
 */
export async function listFreeTenants(
  context: Context,
  query: Record<string, string>,
): Promise<FreeTenantList> {
  authorizeInAccount(context, "accounts:adopt-tenant");
  const q = (query.q ?? "").trim().slice(0, 64);
  try {
    const all = await storage.listTenants({ deadlineMs: PAGE_DEADLINE_MS });
    const found = all.filter(({ tenant }) => tenant.startsWith(q));
    const taken = await findTaken(found.map(({ tenant }) => tenant));
    const free = found.filter(({ tenant }) => !taken.has(tenant));
    const tenants = free
      .slice(0, shownTenants)
      .map(({ tenant, users }): FreeTenant => ({ tenant, userCount: users.length }));
    return { tenants, hasMore: free.length > shownTenants, isAvailable: true, q };
  } catch (error) {
    const refusal = asRefusal(error);
    if (!(refusal instanceof DomainError)) throw error;
    return { tenants: [], hasMore: false, isAvailable: false, q };
  }
}

async function findTaken(tenants: string[]): Promise<Set<string>> {
  const ids = new Map(
    tenants.flatMap((tenant) => {
      const id = accountIdIn(tenant);
      return id ? [[id, tenant] as const] : [];
    }),
  );
  const accounts = await db.account.findMany({
    where: { OR: [{ engineTenant: { in: tenants } }, { id: { in: [...ids.keys()] } }] },
    select: { id: true, engineTenant: true },
  });
  return new Set(
    accounts.flatMap(({ id, engineTenant }) => [engineTenant, ids.get(id)].filter((name) => name != null)),
  );
}

export interface TenantShown {
  tenant: string;
  displayName: string | null;
  maxSizeBytes: bigint | null;
  isSuspended: boolean;
  buckets: string[];
  users: string[];
  /** Access keys that the owner has. */
  ownerKeyCount: number;
}

/**
 * What a tenant holds, asked of the engine; null where it does not answer in a page's time. Throws `not-found` for
 * a tenant that is not there.
 */
export async function findTenantShown(context: Context, tenant: string): Promise<TenantShown | null> {
  authorizeInAccount(context, "accounts:adopt-tenant");
  if (!adoptTenantInput.shape.tenant.safeParse(tenant).success) throw new DomainError("not-found");
  let state: TenantState;
  try {
    state = await storage.tenantState({ tenant }, { deadlineMs: PAGE_DEADLINE_MS });
  } catch (error) {
    const refusal = asRefusal(error);
    if (!(refusal instanceof DomainError)) throw error;
    if (refusal.code === "tenant-unknown") throw new DomainError("not-found");
    return null;
  }
  const { owner, buckets, accessKeys } = state;
  return {
    tenant,
    displayName: owner?.displayName ?? null,
    maxSizeBytes: owner?.quota.maxSizeBytes ?? null,
    isSuspended: owner?.suspended ?? false,
    buckets: buckets.map(({ name }) => name),
    users: accessKeys.map(({ user }) => user),
    ownerKeyCount: owner?.accessKeyIds.length ?? 0,
  };
}
