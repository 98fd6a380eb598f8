import { db } from "#app/ports/db.server.ts";
import { decrypt, encrypt } from "#app/ports/encryption.server.ts";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";

/**
 * The tenant that the console makes for an account at the engine; never reused, since ids are not. An account
 * may have another one, that was there before it: {@link readEngineTenant}.
 */
export function engineTenant(accountId: string): string {
  return accountId.replaceAll("-", "");
}

/** What an account's tenant is called at the engine, from the account's row. */
export function engineTenantOf(account: { id: string; engineTenant: string | null }): string {
  return account.engineTenant ?? engineTenant(account.id);
}

/** What the account's tenant is called at the engine. */
export async function readEngineTenant(accountId: string): Promise<string> {
  const account = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { id: true, engineTenant: true },
  });
  return engineTenantOf(account);
}

/** A management key for an account, as its row keeps it: the secret encrypted. */
export function newManagementKey(accountId: string) {
  const { accessKeyId, secretAccessKey } = generateAccessKey();
  return {
    managementAccessKeyId: accessKeyId,
    managementSecretEncrypted: encrypt(secretAccessKey, managementSecretContext(accountId)),
  };
}

/** What the encrypted management secret is bound to: in another account's row it does not open. */
export function managementSecretContext(accountId: string): string {
  return `account:${accountId}:management-key`;
}

/** The key that the console signs with for this account. Shown to no one. Throws before approval. */
export async function readManagementKey(accountId: string): Promise<AccessKeyPair> {
  const account = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { managementAccessKeyId: true, managementSecretEncrypted: true },
  });
  const { managementAccessKeyId: accessKeyId, managementSecretEncrypted: encrypted } = account;
  if (!accessKeyId || !encrypted) throw new Error(`account ${accountId} has no management key yet`);
  return { accessKeyId, secretAccessKey: decrypt(encrypted, managementSecretContext(accountId)) };
}
