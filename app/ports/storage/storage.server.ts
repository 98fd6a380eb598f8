import { env } from "../env.server.ts";
import { createCephDriver } from "./ceph/driver.ts";
import type { StorageDriver } from "./driver.ts";

/** The installation's storage engine. */
export const storage: StorageDriver = createCephDriver({
  endpoint: env.STORAGE_ENDPOINT,
  region: env.STORAGE_REGION,
  adminKey: {
    accessKeyId: env.STORAGE_ADMIN_ACCESS_KEY,
    secretAccessKey: env.STORAGE_ADMIN_SECRET_KEY,
  },
});
