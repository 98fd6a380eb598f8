import "./thread-pool.ts";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { ensureAdministrator } from "./administrator.ts";
import { openBlobStore } from "./blobs.ts";
import { type Config, readConfig } from "./config.ts";
import { createPool, migrate } from "./database.ts";
import { holdInstanceLock } from "./instance-lock.ts";
import { createKeyUse } from "./key-use.ts";
import { createLifecycleWorker } from "./lifecycle/worker.ts";
import { startMaintenance } from "./maintenance.ts";
import { createSpaceReservations } from "./quota.ts";
import { createServer } from "./server.ts";
import { noteStorageHours } from "./storage-hours.ts";
import type { Store } from "./store.ts";
import { createUsageLog } from "./usage.ts";

/** How long requests may still run once the process is told to stop. */
const STOP_PATIENCE_MS = 10_000;

async function main(config: Config): Promise<void> {
  const logger = pino({ level: config.logLevel, base: { service: "object-store" } });

  const releaseLock = await holdInstanceLock(config.databaseUrl, () => {
    logger.fatal("another process has taken over the database");
    process.exit(1);
  });
  const migrations = await migrate(config.databaseUrl);
  if (migrations.length > 0) logger.info({ migrations }, "migrated");

  const database = createPool(config.databaseUrl, (err) => logger.warn({ err }, "database connection lost"));
  await ensureAdministrator(database, config.admin);
  const blobs = await openBlobStore(path.join(config.dataDirectory, "objects"));
  const store: Store = {
    database,
    blobs,
    reservations: createSpaceReservations(database),
    usage: createUsageLog(database),
    keyUse: createKeyUse(database),
    lifecycle: createLifecycleWorker({ database, blobs, logger }, { dayMs: config.lifecycleDayMs }),
    logger,
    region: config.region,
  };
  await store.reservations.clearAbandoned();
  await noteStorageHours(database);
  const stopMaintenance = startMaintenance(store);

  const server = createServer(store);
  server.listen(config.port, config.host);
  await once(server, "listening");
  const { address, port } = server.address() as AddressInfo;
  logger.info({ address, port }, "listening");

  const stop = async (signal: string) => {
    logger.info({ signal }, "stopping");
    server.close();
    // A connection is idle, and may go, once its running request is answered.
    const sweeping = setInterval(() => server.closeIdleConnections(), 50);
    await Promise.race([once(server, "close"), sleep(STOP_PATIENCE_MS)]);
    clearInterval(sweeping);
    server.closeAllConnections();
    await stopMaintenance();
    await database.end();
    await releaseLock();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

try {
  await main(readConfig(process.env));
} catch (error) {
  // One line that a person reads first; settings errors say which variable.
  process.stderr.write(`object-store: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
