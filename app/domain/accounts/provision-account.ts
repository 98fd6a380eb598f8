import { z } from "zod";
import { db } from "#app/ports/db.server.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { command } from "../command.ts";
import { systemContext } from "../context.ts";
import { engineTenant, readManagementKey } from "./engine-tenant.ts";

/**
 * Creates an approved account's tenant at the engine and then makes the account active. Safe to
 * repeat after a crash at any point: the engine is offered the same tenant and key again.
 *
 * Throws what the engine said, after noting it for operators; the job is then tried again.
 */
export async function provisionAccount(accountId: string, jobId: string): Promise<void> {
  const account = await db.account.findUnique({
    where: { id: accountId },
    select: { state: true, name: true, quotas: { where: { resource: "storage_bytes" } } },
  });
  if (account?.state !== "approved") return;
  try {
    await storage.provisionTenant({
      tenant: engineTenant(accountId),
      displayName: account.name,
      managementKey: await readManagementKey(accountId),
      quota: { maxSizeBytes: account.quotas[0]?.limitValue ?? 0n, maxObjects: null },
    });
  } catch (error) {
    await noteFailure(accountId, error);
    throw error;
  }
  await activateAccount(systemContext("provision-account", accountId, jobId), {});
}

const activateAccount = command({
  action: "accounts:activate",
  input: z.object({}),

  async run({ tx, context }) {
    const id = context.accountId ?? "";
    const { count } = await tx.account.updateMany({
      where: { id, state: "approved" },
      data: { state: "active", activatedAt: new Date(), provisioningError: null, provisioningErrorAt: null },
    });
    // Zero where a second run of the job was faster.
    return { id, activated: count === 1 };
  },

  audit: ({ output }) => ({
    resourceType: "account",
    resourceId: output.id,
    ...(output.activated ? { details: { before: { state: "approved" }, after: { state: "active" } } } : {}),
  }),
});

async function noteFailure(accountId: string, error: unknown): Promise<void> {
  await db.account.updateMany({
    where: { id: accountId, state: "approved" },
    data: {
      provisioningError: error instanceof StorageError ? error.message : "internal error",
      provisioningErrorAt: new Date(),
    },
  });
}
