import type { QuotaResource } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";

/** Sets one limit of an account, inside the caller's command. Bytes for storage, a number of things for others. */
export async function setLimit(
  tx: Transaction,
  accountId: string,
  resource: QuotaResource,
  limitValue: bigint,
): Promise<void> {
  await tx.quota.upsert({
    where: { accountId_resource: { accountId, resource } },
    create: { accountId, resource, limitValue },
    update: { limitValue },
  });
}

/** Raises a limit to what is needed; a higher one stays as it is. */
export async function raiseLimit(
  tx: Transaction,
  accountId: string,
  resource: QuotaResource,
  atLeast: bigint,
): Promise<void> {
  await tx.quota.updateMany({
    where: { accountId, resource, limitValue: { lt: atLeast } },
    data: { limitValue: atLeast },
  });
}
