import { isDeepStrictEqual } from "node:util";
import type { AccessKeyState } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import type { CallOptions } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { engineTenantOf } from "../accounts/engine-tenant.ts";
import { readGrant } from "./engine-key.ts";
import { isStanding, isWantedActive } from "./states.ts";

/**
 * Tells the engine all that stands here of a key, whether it may work included, until what was sent is what stands:
 * somebody may stop the key, wake it or delete one of its buckets in between. Whoever sends last looks last, so that
 * of two at once the engine is left with what the database says.
 *
 * Answers the state that was sent; null where there is nothing to tell: the key is being made, or revoked. Throws what
 * the engine says: `not-found` where it has no such key. Safe to repeat.
 */
export async function applyToEngine(
  accountId: string,
  id: string,
  options: CallOptions = {},
): Promise<AccessKeyState | null> {
  let key = await readKey(accountId, id);
  while (key) {
    const { state, ...sent } = key;
    try {
      await storage.setAccessKeyActive(sent, options);
    } catch (error) {
      const isGone = error instanceof StorageError && error.code === "not-found";
      // Revoked meanwhile, at the engine first.
      if (isGone && !isStanding((await readKey(accountId, id))?.state ?? "revoked")) return null;
      throw error;
    }
    key = await readKey(accountId, id);
    if (key && isDeepStrictEqual({ ...key, state }, { ...sent, state })) return key.state;
  }
  return null;
}

/** What the engine is to know of a key; null for one that it has not been told of, or has forgotten. */
async function readKey(accountId: string, id: string) {
  const key = await db.accessKey.findFirst({
    where: { id, accountId },
    select: { state: true, account: { select: { id: true, engineTenant: true, state: true } } },
  });
  // One that is on its way out may be there for long, and must not reach a bucket that it was not made for.
  if (!key || !(isStanding(key.state) || key.state === "revoking")) return null;
  const grant = await readGrant(accountId, id);
  if (!grant) return null;
  // The keys of a suspended account are stopped, whatever they are themselves, and woken with it.
  const active = isWantedActive(key.state) && key.account.state === "active";
  return { ...grant, tenant: engineTenantOf(key.account), active, state: key.state };
}
