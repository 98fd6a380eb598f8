import { z } from "zod";
import type { StorageCapabilities } from "../driver.ts";
import { StorageError } from "../errors.ts";
import { listUsers } from "./admin-users.ts";
import { isStorageError, readAnswer } from "./answers.ts";
import type { Call } from "./call.ts";
import { CEPH, CEPH_WITH_ACCOUNTS, EMBEDDED, type Engine } from "./engines.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";

const engineInfo = z.object({
  info: z.object({ storage_backends: z.array(z.object({ name: z.string() })) }),
});

/** An engine may be upgraded under a running process, one gateway after the other. */
const REMEMBERED_MS = 10 * 60_000;

const remembered = new WeakMap<EngineConfig, { engine: Engine; at: number }>();

export async function capabilities(config: EngineConfig, call: Call): Promise<StorageCapabilities> {
  return (await engineOf(config, call)).capabilities;
}

/**
 * Which engine answers. Asked once and remembered, for ten minutes at most and not past an outage: what comes back
 * may be another release.
 */
export async function engineOf(config: EngineConfig, call: Call): Promise<Engine> {
  const known = remembered.get(config);
  const reachableSince = call.circuit?.health().since.getTime() ?? 0;
  if (known && known.at > Math.max(Date.now() - REMEMBERED_MS, reachableSince)) return known.engine;
  const engine = await probe(config, call);
  remembered.set(config, { engine, at: Date.now() });
  return engine;
}

/**
 * Refuses to make or change a tenant or a key on an engine on which that would end halfway.
 *
 * @throws StorageError `unsupported`
 */
export async function requireTenants(config: EngineConfig, call: Call): Promise<void> {
  const { tenancy } = await capabilities(config, call);
  if (tenancy === "none") {
    throw new StorageError("unsupported", {
      operation: call.operation,
      engineCode: "AccountsNotSupportedYet",
    });
  }
}

async function probe(config: EngineConfig, call: Call): Promise<Engine> {
  if (await isEmbedded(config, call)) return EMBEDDED;
  const engine = (await hasAccounts(config, call)) ? CEPH_WITH_ACCOUNTS : CEPH;
  // A gateway that refuses the admin key for everything says nothing of itself by refusing the questions above.
  await listUsers(config, call, { limit: 1 });
  return engine;
}

/** The embedded store names itself in what keeps its objects. */
async function isEmbedded(config: EngineConfig, call: Call): Promise<boolean> {
  try {
    const text = await sendAdminRequest(config, call, { method: "GET", path: "/admin/info", service: "s3" });
    return readAnswer(call, engineInfo, text).info.storage_backends.some(({ name }) => name === "balde");
  } catch (error) {
    // Ceph 16.2 does not know the call, and from 17 on it wants a capability of its own for it.
    if (isStorageError(error, "unsupported") || isStorageError(error, "denied")) return false;
    throw error;
  }
}

/**
 * Whether the gateway has accounts (19.2 and later), by what it says of one that cannot exist: older ones do not
 * know the resource (405), newer ones know it whether or not the admin user may look (403, 404).
 */
async function hasAccounts(config: EngineConfig, call: Call): Promise<boolean> {
  try {
    await sendAdminRequest(config, call, {
      method: "GET",
      path: "/admin/account",
      service: "s3",
      query: { id: "RGW00000000000000000" },
    });
    return true;
  } catch (error) {
    if (isStorageError(error, "unsupported")) return false;
    if (isStorageError(error, "denied") || isStorageError(error, "not-found")) return true;
    throw error;
  }
}

export async function checkHealth(config: EngineConfig, call: Call): Promise<{ latencyMs: number }> {
  const startedAt = performance.now();
  // The gateway answers many requests from its caches while its disks are gone, but never this one.
  await listUsers(config, call, { limit: 1 });
  return { latencyMs: performance.now() - startedAt };
}
