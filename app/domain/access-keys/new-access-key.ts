import type { AccessKeyPermission } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";
import { type AccessKeyPair, PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readEngineTenant } from "../accounts/engine-tenant.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { lockQuota } from "../quotas/lock-quota.ts";
import { readGrant } from "./engine-key.ts";
import { requireAllowedEnd } from "./key-policy.ts";
import { settleAccessKey } from "./settle-access-key.ts";

// The two halves of making an access key: the row, inside the caller's command, and the engine's part after it. A
// request that dies between them leaves a key that nobody knows the secret of; `settleAccessKeys` removes it.

/** A new access key. The only thing in Balde that ever holds its secret: hand it to the caller, keep nothing. */
export interface NewAccessKey extends AccessKeyPair {
  id: string;
  accountId: string;
  name: string;
  expiresAt: Date | null;
}

interface KeyToMake {
  accountId: string;
  /** The form's: a second post of it finds the key of the first. */
  requestId: string;
  name: string;
  permission: AccessKeyPermission;
  allBuckets: boolean;
  /** Chosen buckets of the account, locked by the caller; none where it is for all. */
  bucketIds: readonly string[];
  expiresAt: Date | null;
  createdById: string;
}

/**
 * Waits until no other request makes a key for the account, then throws `secret-already-shown` where this form was
 * posted before. To be called before anything else of such a command is looked at.
 */
export async function requireFirstPost(tx: Transaction, accountId: string, requestId: string): Promise<void> {
  // The same form posted twice at once waits here, and then finds the first one's key.
  await lockQuota(tx, accountId, "access_keys");
  const earlier = await tx.accessKey.findFirst({ where: { accountId, requestId }, select: { id: true } });
  if (earlier) throw new DomainError("secret-already-shown", { id: earlier.id });
}

/**
 * Commits with the caller's transaction a key that is `provisioning`. The caller has seen to the quota. Throws
 * InvalidInput on `expiresOn` where the policy allows no such end.
 */
export async function newAccessKey(tx: Transaction, key: KeyToMake): Promise<NewAccessKey> {
  await requireAllowedEnd(tx, key.accountId, key.expiresAt);
  const { bucketIds, ...values } = key;
  const pair = generateAccessKey();
  const { id } = await tx.accessKey.create({
    data: {
      ...values,
      accessKeyId: pair.accessKeyId,
      buckets: { create: bucketIds.map((bucketId) => ({ bucketId })) },
    },
    select: { id: true },
  });
  const { accountId, name, expiresAt } = key;
  return { id, accountId, name, expiresAt, ...pair };
}

/**
 * Makes the key at the engine, and then has `activate` commit it as active. Nothing is left of it where either fails:
 * the key is `failed` then, and removed at the engine by the clock.
 *
 * Throws `engine-unavailable`, `engine-refused`, and what `activate` throws.
 */
export async function makeAtEngine(
  system: Context,
  key: NewAccessKey,
  activate: () => Promise<{ settled: boolean }>,
): Promise<void> {
  try {
    await createAtEngine(key);
    const { settled } = await activate();
    // Taken for dead and cleared away meanwhile: a secret shown now would open nothing.
    if (!settled) throw new DomainError("engine-unavailable");
  } catch (error) {
    await settleAccessKey(system, { id: key.id, from: "provisioning", to: "failed" });
    throw asRefusal(error);
  }
}

/** Has a key that the engine has made work for people, inside the caller's command; false where it was given up. */
export async function activateNewKey(tx: Transaction, accountId: string, id: string): Promise<boolean> {
  const { count } = await tx.accessKey.updateMany({
    where: { id, accountId, state: "provisioning" },
    data: { state: "active" },
  });
  return count === 1;
}

async function createAtEngine({ id, accountId, accessKeyId, secretAccessKey }: NewAccessKey): Promise<void> {
  const grant = await readGrant(accountId, id);
  if (!grant) throw new DomainError("conflict");
  const tenant = await readEngineTenant(accountId);
  await storage.createAccessKey(
    { tenant, accessKeyId, secretAccessKey, ...grant },
    { deadlineMs: PAGE_DEADLINE_MS },
  );
}

/** What a person is told of an engine's answer. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error;
  return new DomainError(error.retryable ? "engine-unavailable" : "engine-refused", { reason: error.code });
}
