import type { Pool } from "pg";
import type { Logger } from "pino";
import type { BlobStore } from "./blobs.ts";
import type { KeyUse } from "./key-use.ts";
import type { LifecycleWorker } from "./lifecycle/worker.ts";
import type { SpaceReservations } from "./quota.ts";
import type { UsageLog } from "./usage.ts";

/** What every operation works with. One per process. */
export type Store = {
  database: Pool;
  blobs: BlobStore;
  reservations: SpaceReservations;
  usage: UsageLog;
  keyUse: KeyUse;
  lifecycle: LifecycleWorker;
  logger: Logger;
  region: string;
};
