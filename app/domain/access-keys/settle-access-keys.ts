import { db } from "#app/ports/db.server.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readEngineTenant } from "../accounts/engine-tenant.ts";
import { systemContext } from "../context.ts";
import { engineUser } from "./engine-key.ts";
import { settleAccessKey } from "./settle-access-key.ts";
import { standingStates } from "./states.ts";

/** Well past the life of a request that creates a key. */
const abandonedAfterMs = 60_000;
/** Twice the longest that a Ceph gateway lets a change wait once another gateway has died. */
const echoMs = 60_000;
/** Of each kind in one run; the next one is a minute away. */
const batch = 200;
const whose = { id: true, accountId: true } as const;

/**
 * What a clock must see to: keys whose day has passed are revoked, and keys that a request left half-made are
 * removed, at the engine first. Each step is safe to repeat after a crash.
 *
 * Throws what the engine said of a removal; the next run tries again.
 */
export async function settleAccessKeys(jobId: string): Promise<void> {
  await expireKeys(jobId);
  await abandonKeys(jobId);
  await removeFailedKeys(jobId);
}

async function expireKeys(jobId: string): Promise<void> {
  const expired = await db.accessKey.findMany({
    where: { state: { in: [...standingStates] }, expiresAt: { lte: new Date() } },
    orderBy: { expiresAt: "asc" },
    take: batch,
    select: { ...whose, state: true },
  });
  for (const { id, accountId, state } of expired) {
    const context = systemContext("settle-access-keys", accountId, jobId);
    await settleAccessKey(context, { id, from: state, to: "revoking", cause: "expired" });
  }
}

/** Nobody has the secret of these: the request that would have shown it is gone. */
async function abandonKeys(jobId: string): Promise<void> {
  const abandoned = await db.accessKey.findMany({
    where: { state: "provisioning", createdAt: { lte: new Date(Date.now() - abandonedAfterMs) } },
    take: batch,
    select: whose,
  });
  for (const { id, accountId } of abandoned) {
    const context = systemContext("settle-access-keys", accountId, jobId);
    await settleAccessKey(context, { id, from: "provisioning", to: "failed" });
  }
}

/**
 * Removes them twice, with a pause between: a request that made the key may have been given up here while it waits in
 * an engine that stalls, and is carried out when the engine goes on, after a removal that found nothing to remove.
 */
async function removeFailedKeys(jobId: string): Promise<void> {
  const failed = await db.accessKey.findMany({
    where: {
      state: "failed",
      OR: [{ revokedAt: null }, { revokedAt: { lte: new Date(Date.now() - echoMs) } }],
    },
    take: batch,
    select: { ...whose, revokedAt: true },
  });
  for (const { id, accountId, revokedAt } of failed) {
    // Never an adopted key: those are there from the beginning.
    await storage.revokeAccessKey({ tenant: await readEngineTenant(accountId), user: engineUser(id) });
    if (revokedAt === null) {
      await db.accessKey.updateMany({
        where: { id, accountId, state: "failed", revokedAt: null },
        data: { revokedAt: new Date() },
      });
      continue;
    }
    const context = systemContext("settle-access-keys", accountId, jobId);
    await settleAccessKey(context, { id, from: "failed", to: "removed" });
  }
}
