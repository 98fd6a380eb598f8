import { z } from "zod";
import { db } from "#app/ports/db.server.ts";
import { log } from "#app/ports/logger.server.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { engineTenant } from "../accounts/engine-tenant.ts";
import { provisionAccount } from "../accounts/provision-account.ts";
import { adoptBucket } from "../buckets/adopt-bucket.ts";
import { command } from "../command.ts";
import { accountIdOf, systemContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { checkAccount } from "./check-account.ts";

/**
 * The job behind `adoptTenant`: the engine takes the console's key, the account becomes active, the tenant's
 * buckets become its own, and what else there is becomes findings. Safe to repeat after a crash at any point.
 *
 * Throws what the engine said, for the job to be tried again.
 */
export async function importTenant(
  accountId: string,
  jobId: string,
  options: { pauseMs?: number } = {},
): Promise<void> {
  await provisionAccount(accountId, jobId);
  const account = await db.account.findUnique({
    where: { id: accountId },
    select: { state: true, engineTenant: true },
  });
  if (account?.state !== "active" || !account.engineTenant) return;
  await importBuckets(accountId, account.engineTenant, jobId);
  await removeOwnTenant(accountId);
  await checkAccount(accountId, jobId, options);
}

async function importBuckets(accountId: string, tenant: string, jobId: string): Promise<void> {
  const { buckets } = await storage.tenantState({ tenant });
  const context = systemContext("adopt-tenant", accountId, jobId);
  for (const { name, createdAt, ownerUser } of buckets) {
    if (ownerUser !== "owner") await storage.takeOverBucket({ tenant, bucket: name });
    try {
      await importBucket(context, { name, createdAt });
    } catch (error) {
      // More than when it was decided: the check makes a finding of what is left over.
      if (error instanceof DomainError && error.code === "quota-exceeded") return;
      // A try before this one was as far.
      if (!(error instanceof DomainError) || error.code !== "bucket-name-taken") throw error;
    }
  }
}

const importBucket = command({
  action: "findings:settle",
  input: z.object({ name: z.string(), createdAt: z.date() }),

  async run({ tx, input, context }) {
    return adoptBucket(tx, accountIdOf(context), input);
  },

  audit: ({ input, output }) => ({
    resourceType: "bucket",
    resourceId: output.id,
    details: { name: input.name, adopted: true },
  }),
});

/** The tenant that the console had made, or was about to make, is nobody's now. It holds nothing. */
async function removeOwnTenant(accountId: string): Promise<void> {
  try {
    await storage.removeTenant(engineTenant(accountId));
  } catch (error) {
    if (!(error instanceof StorageError) || error.retryable) throw error;
    log.warn({ err: error, account: accountId }, "the tenant that was made for the account stays");
  }
}
