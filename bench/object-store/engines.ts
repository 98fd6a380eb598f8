import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { S3Client } from "@aws-sdk/client-s3";
import { createCephDriver } from "#app/ports/storage/ceph/driver.ts";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { databaseUrl, ensureDatabase, ensureRole } from "#embedded/postgres/databases.ts";
import { startPostgres } from "#embedded/postgres/server.ts";
import { freePort } from "#tests/support/postgres.ts";
import { startCephCluster, stopCephCluster } from "../../scripts/ceph/cluster.ts";

/** A running engine with one tenant, to whom the client belongs. */
export interface Engine {
  name: string;
  s3: S3Client;
  /** Of the engine's database, where it has one that the benchmark may fill. */
  databaseUrl?: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

const REGION = "us-east-1";

/** The embedded store as `npm start` runs it, on a PostgreSQL of its own that waits for the disk. */
export async function startEmbeddedStore(): Promise<Engine> {
  const directory = await mkdtemp(join(tmpdir(), "balde-bench-store-"));
  await chmod(directory, 0o711); // as root, the server runs as nobody, who must be able to enter
  const password = randomBytes(18).toString("hex");
  const postgres = await startPostgres({
    dataDir: join(directory, "postgres"),
    port: await freePort(),
    superuserPassword: password,
  });
  await ensureRole(postgres.superuserUrl, { name: "balde_s3", password });
  await ensureDatabase(postgres.superuserUrl, { name: "balde_s3", owner: "balde_s3" });
  const url = databaseUrl(postgres.superuserUrl, "balde_s3", password, "balde_s3");
  const adminKey = generateAccessKey();
  const store = spawn(process.execPath, ["embedded/object-store/main.ts"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      EMBEDDED_S3_DATABASE_URL: url,
      EMBEDDED_S3_PORT: "0",
      DATA_DIR: directory,
      STORAGE_REGION: REGION,
      STORAGE_ADMIN_ACCESS_KEY: adminKey.accessKeyId,
      STORAGE_ADMIN_SECRET_KEY: adminKey.secretAccessKey,
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    store.once("exit", () => reject(new Error("The object store did not start.")));
    createInterface({ input: store.stdout }).on("line", (line) => {
      const { msg, port } = JSON.parse(line) as { msg: string; port: number };
      if (msg === "listening") resolve(port);
    });
  });
  return {
    name: "Balde",
    databaseUrl: url,
    s3: await clientOfNewTenant(`http://127.0.0.1:${port}`, adminKey),
    async stop() {
      store.kill("SIGTERM");
      await once(store, "exit");
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A one-host cluster on disk, as `npm run ceph:start` makes it. */
export async function startCeph(): Promise<Engine> {
  const directory = await mkdtemp(join(tmpdir(), "balde-bench-ceph-"));
  const { endpoint, adminKey } = await startCephCluster({
    directory,
    port: 7900,
    store: "bluestore",
    say: () => {},
  });
  return {
    name: "Ceph",
    s3: await clientOfNewTenant(endpoint, adminKey),
    async stop() {
      await stopCephCluster(directory);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function clientOfNewTenant(endpoint: string, adminKey: AccessKeyPair): Promise<S3Client> {
  const driver = createCephDriver({ endpoint, region: REGION, adminKey });
  const managementKey = generateAccessKey();
  await driver.provisionTenant({
    tenant: "bench",
    displayName: "Bench",
    managementKey,
    quota: { maxSizeBytes: null, maxObjects: null },
  });
  return new S3Client({
    endpoint,
    region: REGION,
    forcePathStyle: true,
    credentials: managementKey,
    // Ceph 16.2 does not take the SDK's own checksums of streamed bodies.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}
