import { z } from "zod";
import { db } from "#app/ports/db.server.ts";
import { reasonOf, StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { command } from "../command.ts";
import { accountIdOf, systemContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { engineTenantOf, newManagementKey, readManagementKey } from "./engine-tenant.ts";

/**
 * Creates an approved account's tenant at the engine, or takes the one that it was tied to, and then makes the account active. Safe to
 * repeat after a crash at any point: the engine is offered the same tenant and key again.
 *
 * Throws what the engine said, after noting it for operators; the job is then tried again.
 */
export async function provisionAccount(accountId: string, jobId: string): Promise<void> {
  const account = await db.account.findUnique({
    where: { id: accountId },
    select: {
      id: true,
      state: true,
      name: true,
      engineTenant: true,
      quotas: { where: { resource: "storage_bytes" } },
    },
  });
  if (account?.state !== "approved") return;
  const managementKey = await readManagementKey(accountId);
  const tenant = engineTenantOf(account);
  try {
    if (account.engineTenant) {
      // Programs may be at work in it: its other keys and its quota stay until somebody decides about them.
      await storage.adoptTenant({ tenant, displayName: account.name, managementKey });
    } else {
      await storage.provisionTenant({
        tenant,
        displayName: account.name,
        managementKey,
        quota: { maxSizeBytes: account.quotas[0]?.limitValue ?? 0n, maxObjects: null },
      });
    }
  } catch (error) {
    await noteFailure(accountId, error);
    // Tries that overlapped can leave the engine holding the key id for another: a new one frees the next try.
    if (error instanceof StorageError && error.code === "already-exists")
      await replaceManagementKey(accountId);
    throw error;
  }
  await activateAccount(systemContext("provision-account", accountId, jobId), {
    accessKeyId: managementKey.accessKeyId,
  });
}

const activateAccount = command({
  action: "accounts:activate",
  input: z.object({ accessKeyId: z.string() }),

  async run({ tx, input, context }) {
    const id = accountIdOf(context);
    const { count } = await tx.account.updateMany({
      // Only with the key that the engine was given: another try may have replaced it meanwhile.
      where: { id, state: "approved", managementAccessKeyId: input.accessKeyId },
      data: { state: "active", activatedAt: new Date(), provisioningError: null, provisioningErrorAt: null },
    });
    // Where another run of the job was faster, there is nothing left to do. Asked anew: this one may have waited for it.
    const isWaiting = async () => (await tx.account.count({ where: { id, state: "approved" } })) > 0;
    if (count === 0 && (await isWaiting())) throw new DomainError("conflict");
    return { id, activated: count === 1 };
  },

  audit: ({ output }) => ({
    resourceType: "account",
    resourceId: output.id,
    ...(output.activated ? { details: { before: { state: "approved" }, after: { state: "active" } } } : {}),
  }),
});

async function replaceManagementKey(accountId: string): Promise<void> {
  await db.account.updateMany({
    where: { id: accountId, state: "approved" },
    data: newManagementKey(accountId),
  });
}

async function noteFailure(accountId: string, error: unknown): Promise<void> {
  await db.account.updateMany({
    where: { id: accountId, state: "approved" },
    data: {
      provisioningError: reasonOf(error),
      provisioningErrorAt: new Date(),
    },
  });
}
