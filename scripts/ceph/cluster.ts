import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { whileLocked } from "../launcher/lock.ts";
import { assertPortsFree } from "../launcher/ports.ts";
import { createCluster } from "./create.ts";
import {
  DEFAULT_PORT,
  type Description,
  newDescription,
  PORTS_NEEDED,
  readDescription,
  type Store,
} from "./description.ts";
import { portsOf } from "./ports.ts";
import { type CephProcess, endProcess, runningProcesses, startProcess } from "./processes.ts";
import type { CephSettings } from "./settings.ts";

/** A running cluster, as the console is told of it. */
export interface CephCluster {
  endpoint: string;
  adminKey: { accessKeyId: string; secretAccessKey: string };
}

export interface StartOptions extends CephSettings {
  /** For a new cluster; one that is there stays what it is. */
  store: Store;
  /** Takes lines about what goes on. */
  say: (line: string) => void;
}

/**
 * Starts the cluster in a directory, after making it there if there is none, and waits until it answers. Of a
 * cluster that runs, whole or in part, whatever is missing is started.
 *
 * @throws in words for a person: a port that is taken, a directory that holds something else, a daemon that ends.
 */
export function startCephCluster(options: StartOptions): Promise<CephCluster> {
  return whileLocked(`ceph ${options.directory}`, async () => {
    const { directory, say } = options;
    const cluster = await prepare(options);
    for (const name of missingOf(directory)) startProcess(name, directory);
    await untilAnswering(directory, cluster);
    say(`Ceph runs in ${directory}; its gateway answers on ${endpointOf(cluster)}`);
    return {
      endpoint: endpointOf(cluster),
      adminKey: { accessKeyId: cluster.adminAccessKey, secretAccessKey: cluster.adminSecretKey },
    };
  });
}

/** Stops a cluster, front to back. What it holds is kept. Does nothing where none is or runs. */
export async function stopCephCluster(directory: string): Promise<void> {
  await whileLocked(`ceph ${directory}`, () => endAll(directory));
}

async function endAll(directory: string): Promise<void> {
  await endProcess("supervisor", directory, 15_000); // takes the gateway with it
  await endProcess("gateway", directory, 10_000);
  await endProcess("osd", directory, 30_000);
  await endProcess("mon", directory, 10_000);
}

/** What must run and does not. The gateway is the supervisor's to start. */
function missingOf(directory: string): CephProcess[] {
  const running = runningProcesses(directory);
  return (["mon", "osd", "supervisor"] as const).filter((name) => running[name].length === 0);
}

/** The cluster that is there, or a new one. */
async function prepare({ directory, port, store, say }: StartOptions): Promise<Description> {
  const present = readDescription(directory);
  if (present?.finished) {
    if (port !== undefined && port !== present.port) {
      throw new Error(
        `The cluster in ${directory} was made for CEPH_PORT=${present.port}, which cannot change any more. ` +
          "Leave CEPH_PORT away, or set CEPH_DIR to make another cluster.",
      );
    }
    if (missingOf(directory).length === 3) await assertPortsFree(portsOf(present.port, 2));
    return present;
  }
  await endAll(directory);
  const cluster = newDescription(port ?? DEFAULT_PORT, store);
  await assertPortsFree(portsOf(cluster.port, PORTS_NEEDED));
  say(`Making a Ceph cluster (${store}) in ${directory}`);
  try {
    await createCluster(directory, cluster);
  } catch (error) {
    await endAll(directory);
    throw error;
  }
  return cluster;
}

const START_PATIENCE_MS = 60_000;

/**
 * Waits for a signed request to be answered, which takes all three daemons. A bare "/" is answered with the
 * object storage daemon away.
 */
async function untilAnswering(directory: string, cluster: Description): Promise<void> {
  const client = new S3Client({
    endpoint: endpointOf(cluster),
    region: "us-east-1",
    credentials: { accessKeyId: cluster.adminAccessKey, secretAccessKey: cluster.adminSecretKey },
    maxAttempts: 1,
  });
  const giveUpAt = Date.now() + START_PATIENCE_MS;
  try {
    for (;;) {
      try {
        await client.send(new ListBucketsCommand({}), { abortSignal: AbortSignal.timeout(3_000) });
        return;
      } catch (error) {
        const missing = missingOf(directory);
        if (missing.length > 0) throw new Error(`Ceph did not start:\n${lastWords(directory, missing)}`);
        if (Date.now() >= giveUpAt) {
          const seconds = START_PATIENCE_MS / 1000;
          throw new Error(
            `Ceph's gateway does not answer after ${seconds} s (${(error as Error).name}):\n` +
              lastWords(directory, ["gateway"]),
          );
        }
        await sleep(50);
      }
    }
  } finally {
    client.destroy();
  }
}

function lastWords(directory: string, names: readonly string[]): string {
  return names
    .map((name) => {
      const file = join(directory, "log", `${name}.out`);
      const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-5) : [];
      return [`${name} (${join(directory, "log")}):`, ...lines].join("\n  ");
    })
    .join("\n");
}

function endpointOf({ port }: Description): string {
  return `http://127.0.0.1:${port}`;
}
