import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { createTestDatabase, type TestPostgres } from "#tests/support/postgres.ts";
import { ensureAdministrator } from "./administrator.ts";
import { openBlobStore } from "./blobs.ts";
import { createPool, migrate } from "./database.ts";
import { createKeyUse } from "./key-use.ts";
import { createLifecycleWorker } from "./lifecycle/worker.ts";
import { createSpaceReservations } from "./quota.ts";
import { createServer } from "./server.ts";
import type { Store } from "./store.ts";
import { newKeyPair, type RunningStore } from "./testing.ts";
import { createUsageLog } from "./usage.ts";

/** A store inside the test's own process, for tests that look at its files or its database. */
export type InProcessStore = RunningStore & {
  store: Store;
  /** Where its files are. */
  directory: string;
  databaseName: string;
  stop(): Promise<void>;
};

/**
 * @param postgres as `inject("postgres")` gives it
 * @param prepare what the store finds when it starts: its database's URL, and where its files are
 */
export async function startInProcess(
  postgres: TestPostgres,
  prepare?: (databaseUrl: string, directory: string) => Promise<void>,
): Promise<InProcessStore> {
  const testDatabase = await createTestDatabase(postgres, { owner: "balde_s3" });
  const directory = await mkdtemp(path.join(tmpdir(), "balde-object-store-"));
  await prepare?.(testDatabase.urlFor("balde_s3"), directory);
  await migrate(testDatabase.urlFor("balde_s3"));
  const database = createPool(testDatabase.urlFor("balde_s3"), () => {});
  const adminKey = newKeyPair();
  await ensureAdministrator(database, adminKey);
  const blobs = await openBlobStore(directory);
  const logger = pino({ level: "silent" });
  const store: Store = {
    database,
    blobs,
    reservations: createSpaceReservations(database),
    usage: createUsageLog(database),
    keyUse: createKeyUse(database),
    lifecycle: createLifecycleWorker({ database, blobs, logger }),
    logger,
    region: "us-east-1",
  };
  const server = createServer(store).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  async function stop(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await database.end();
    await testDatabase.drop();
    await rm(directory, { recursive: true, force: true });
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: store.region,
    adminKey,
    store,
    directory,
    databaseName: testDatabase.name,
    stop,
  };
}
