import type { QuotaResource } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";

const GiB = 2n ** 30n;

/** What a newly approved account may use until an operator says otherwise. */
export const defaultQuotas: Record<QuotaResource, bigint> = {
  storage_bytes: 100n * GiB,
  buckets: 10n,
  access_keys: 10n,
  members: 5n,
};

/** Gives an account the default limit of every resource, inside the caller's command. */
export async function grantDefaultQuotas(tx: Transaction, accountId: string): Promise<void> {
  const rows = Object.entries(defaultQuotas).map(([resource, limitValue]) => ({
    accountId,
    resource: resource as QuotaResource,
    limitValue,
  }));
  // An account that is approved again keeps what it was given.
  await tx.quota.createMany({ data: rows, skipDuplicates: true });
}
