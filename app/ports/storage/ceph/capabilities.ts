import { z } from "zod";
import type { StorageCapabilities } from "../driver.ts";
import { listUsers } from "./admin-users.ts";
import { isStorageError, readAnswer } from "./answers.ts";
import type { Call } from "./call.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";

const engineInfo = z.object({
  info: z.object({ storage_backends: z.array(z.object({ name: z.string() })) }),
});

const CEPH: StorageCapabilities = {
  tenancy: "tenant-users",
  managementTraffic: "bucket-administration",
  quotaEnforcement: "soft",
  // The gateway writes its usage log every 30 s, or a little later under load.
  usageLagSeconds: 300,
};

const EMBEDDED: StorageCapabilities = {
  tenancy: "tenant-users",
  managementTraffic: "all",
  quotaEnforcement: "exact",
  usageLagSeconds: 60,
};

/** Asks the engine what keeps its objects; the embedded store names itself there. */
export async function capabilities(config: EngineConfig, call: Call): Promise<StorageCapabilities> {
  try {
    const text = await sendAdminRequest(config, call, { method: "GET", path: "/admin/info", service: "s3" });
    const { info } = readAnswer(call, engineInfo, text);
    return info.storage_backends.some(({ name }) => name === "balde") ? EMBEDDED : CEPH;
  } catch (error) {
    // Ceph 16.2 does not know the call, and from 17 on it wants a capability of its own for it ...
    if (!isStorageError(error, "unsupported") && !isStorageError(error, "denied")) throw error;
    // ... unless the admin key is refused for everything.
    await listUsers(config, call, { limit: 1 });
    return CEPH;
  }
}

export async function checkHealth(config: EngineConfig, call: Call): Promise<{ latencyMs: number }> {
  const startedAt = performance.now();
  // The gateway answers many requests from its caches while its disks are gone, but never this one.
  await listUsers(config, call, { limit: 1 });
  return { latencyMs: performance.now() - startedAt };
}
