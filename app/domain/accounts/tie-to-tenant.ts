import type { AccountState } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../errors.ts";
import { listOwners } from "../members/read-members.ts";
import { notify } from "../notifications/notify.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { grantDefaultQuotas } from "../quotas/grant-default-quotas.ts";
import { engineTenant, newManagementKey } from "./engine-tenant.ts";

/**
 * Ties an account that has nothing at the engine yet to a tenant that is there already, inside the caller's
 * command; approves it where it waits. The account is then `approved` until the engine has taken its key, under a
 * new management key, so that a try to make a tenant of its own that is under way comes to nothing.
 *
 * Throws `already-decided` in any other state, `account-in-use` where the account has buckets or keys, and
 * `tenant-taken` where another account has the tenant.
 */
export async function tieToTenant(
  tx: Transaction,
  { accountId, tenant }: { accountId: string; tenant: string },
): Promise<{ before: AccountState }> {
  await oneAtATime(tx, `engine-tenant:${tenant}`);
  if (await isTenantTaken(tx, tenant)) throw new DomainError("tenant-taken", { tenant });
  const account = await tx.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { state: true, approvedAt: true },
  });
  const buckets = await tx.bucket.count({ where: { accountId } });
  const keys = await tx.accessKey.count({ where: { accountId } });
  if (buckets + keys > 0) throw new DomainError("account-in-use");

  const { count } = await tx.account.updateMany({
    where: {
      id: accountId,
      state: account.state,
      OR: [{ state: { in: ["pending", "approved", "active"] } }],
    },
    data: {
      state: "approved",
      approvedAt: account.approvedAt ?? new Date(),
      activatedAt: null,
      engineTenant: tenant,
      provisioningError: null,
      provisioningErrorAt: null,
      ...newManagementKey(accountId),
    },
  });
  if (count !== 1) throw new DomainError("already-decided");
  await grantDefaultQuotas(tx, accountId);
  if (account.state === "pending") {
    await notify(tx, { kind: "account-approved", userIds: await listOwners(tx, accountId), accountId });
  }
  return { before: account.state };
}

/** Whether an account has this tenant: one that it was tied to, or the one that the console made for it. */
async function isTenantTaken(tx: Transaction, tenant: string): Promise<boolean> {
  if ((await tx.account.count({ where: { engineTenant: tenant } })) > 0) return true;
  const id = accountIdIn(tenant);
  return id !== null && (await tx.account.count({ where: { id } })) > 0;
}

/** The account that the console would make this tenant for; null for any other name. */
export function accountIdIn(tenant: string): string | null {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(tenant);
  const id = parts?.slice(1).join("-");
  return id && engineTenant(id) === tenant ? id : null;
}
