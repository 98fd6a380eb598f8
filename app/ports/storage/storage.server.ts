import { env } from "../env.server.ts";
import { log } from "../logger.server.ts";
import { createCephDriver } from "./ceph/driver.ts";
import type { StorageDriver } from "./driver.ts";
import { reasonOf } from "./errors.ts";

/** The installation's storage engine. */
export const storage: StorageDriver = createCephDriver({
  endpoint: env.STORAGE_ENDPOINT,
  region: env.STORAGE_REGION,
  adminKey: {
    accessKeyId: env.STORAGE_ADMIN_ACCESS_KEY,
    secretAccessKey: env.STORAGE_ADMIN_SECRET_KEY,
  },
});

/** Asks at the start of a process what the engine can do, and says in the log what it found. Never throws. */
export async function announceStorageEngine(): Promise<void> {
  try {
    const { engine, tenancy, limitation } = await storage.capabilities();
    if (limitation) {
      log.error(
        { engine, limitation },
        "this storage engine keeps its tenants as accounts (Ceph 19.2 or later), which Balde cannot use yet: that is " +
          "left for another time. No account can be provisioned on it; see docs/decisions/0018",
      );
    } else log.info({ engine, tenancy }, "storage engine found");
  } catch (error) {
    log.warn({ reason: reasonOf(error) }, "the storage engine does not answer yet");
  }
}
