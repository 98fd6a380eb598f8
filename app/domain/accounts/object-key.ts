import { db, sql, type Transaction } from "#app/ports/db.server.ts";
import { decrypt, encrypt } from "#app/ports/encryption.server.ts";
import { type AccessKeyGrant, type AccessKeyPair, PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import type { SecretColumn } from "../encryption/rotate-secrets.ts";
import { DomainError } from "../errors.ts";
import { readEngineTenant } from "./engine-tenant.ts";

/**
 * What the console's own key for objects may do at the engine: what a key of the tenant may that reaches all buckets.
 * Its name is none that an access key can have (`access-keys/engine-key.ts`).
 */
export const objectKeyGrant: AccessKeyGrant = {
  user: "balde-console",
  permission: "read_write",
  buckets: "all",
};

/**
 * The key with which the console moves objects for people: uploads and downloads through it, links that it signs. Not
 * the management key, for two reasons: what moves counts as the tenant's own traffic, and a suspended account's links
 * stop with its keys. Made at the engine when it is first needed.
 *
 * Throws StorageError where the engine does not make it, and `account-not-active` where there is none yet and the account
 * is at rest: a new user would not be suspended with the others.
 */
export async function readObjectKey(accountId: string): Promise<AccessKeyPair> {
  const { isReady, isAtRest, ...pair } = await findObjectKey(accountId);
  if (isReady) return present(pair);
  if (isAtRest) throw new DomainError("account-not-active");
  if (!pair.accessKeyId) await storeNewPair(db, { id: accountId, objectAccessKeyId: null });
  return makeAtEngine(accountId);
}

/**
 * Gives the key another pair, in the row; {@link applyRenewedObjectKey} then gives it to the engine. False where there
 * is no key, and so nothing that was ever signed with one.
 */
export async function renewObjectKey(tx: Transaction, accountId: string): Promise<boolean> {
  return storeNewPair(tx, { id: accountId, objectAccessKeyId: { not: null } });
}

/**
 * Leaves the new pair as the only one at the engine: what the old one signed no longer opens anything. A suspended
 * account's stays suspended. Safe to repeat. Throws StorageError.
 */
export async function applyRenewedObjectKey(accountId: string): Promise<void> {
  await makeAtEngine(accountId);
  const { isAtRest } = await findObjectKey(accountId);
  if (!isAtRest) return;
  // It may never have been at the engine: then it was only just made there, and is awake.
  const tenant = await readEngineTenant(accountId);
  await storage.setAccessKeyActive({ ...objectKeyGrant, tenant, active: false }, page);
}

const page = { deadlineMs: PAGE_DEADLINE_MS };

async function findObjectKey(accountId: string) {
  const account = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { state: true, objectAccessKeyId: true, objectSecretEncrypted: true, objectKeyReadyAt: true },
  });
  const { objectAccessKeyId: accessKeyId, objectSecretEncrypted: encrypted } = account;
  return {
    accessKeyId,
    secretAccessKey: encrypted && decrypt(encrypted, objectSecretContext(accountId)),
    isReady: account.objectKeyReadyAt !== null,
    isAtRest: account.state !== "active",
  };
}

function present({ accessKeyId, secretAccessKey }: { [Part in keyof AccessKeyPair]: string | null }) {
  if (!accessKeyId || !secretAccessKey) throw new Error("an account lost its object key");
  return { accessKeyId, secretAccessKey };
}

/** Stored before the engine hears of it, so that every attempt offers it the same pair. Of two at once, one is kept. */
async function storeNewPair(
  tx: Transaction,
  where: { id: string; objectAccessKeyId: null | { not: null } },
): Promise<boolean> {
  const { accessKeyId, secretAccessKey } = generateAccessKey();
  const { count } = await tx.account.updateMany({
    where,
    data: {
      objectAccessKeyId: accessKeyId,
      objectSecretEncrypted: encrypt(secretAccessKey, objectSecretContext(where.id)),
      objectKeyReadyAt: null,
    },
  });
  return count === 1;
}

async function makeAtEngine(accountId: string): Promise<AccessKeyPair> {
  const { accessKeyId, secretAccessKey } = await findObjectKey(accountId);
  const pair = present({ accessKeyId, secretAccessKey });
  const tenant = await readEngineTenant(accountId);
  await storage.createAccessKey({ tenant, ...pair, ...objectKeyGrant }, page);
  const { count } = await db.account.updateMany({
    where: { id: accountId, objectAccessKeyId: pair.accessKeyId },
    data: { objectKeyReadyAt: new Date() },
  });
  // Renewed meanwhile: this call may have been the later one at the engine, and have put the old pair back.
  return count === 1 ? pair : makeAtEngine(accountId);
}

/** What the encrypted secret is bound to: in another account's row it does not open. */
function objectSecretContext(accountId: string): string {
  return `account:${accountId}:object-key`;
}

/** The secrets of these keys, for when the key that encrypts them changes. */
export const objectKeySecrets: SecretColumn = {
  owner: "account",
  context: objectSecretContext,
  rows: sql`
    SELECT id, object_secret_encrypted AS encrypted FROM account
    WHERE object_secret_encrypted IS NOT NULL`,
  replace: ({ id, encrypted }, renewed) =>
    db.account.updateMany({
      where: { id, objectSecretEncrypted: encrypted },
      data: { objectSecretEncrypted: renewed },
    }),
};
