import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The gateway listens on the first, the monitor on the next, the object storage daemon on some of the rest. */
export const PORTS_NEEDED = 20;
/** The first of them: Ceph's own default for its gateway. */
export const DEFAULT_PORT = 7480;

/** `memstore` keeps objects in memory: quick, and kept over a stop, but gone when the daemon is killed. */
export type Store = "bluestore" | "memstore";

/** What a cluster's first start chose, kept in its directory for all later ones. */
export interface Description {
  /** The gateway's. */
  port: number;
  store: Store;
  clusterId: string;
  osdId: string;
  /** The gateway's admin user's. */
  adminAccessKey: string;
  adminSecretKey: string;
  /** False until the first start has come to its end. */
  finished: boolean;
}

/** Settings and random keys for a cluster that is yet to be made. */
export function newDescription(port: number, store: Store): Description {
  return {
    port,
    store,
    clusterId: randomUUID(),
    osdId: randomUUID(),
    adminAccessKey: randomBytes(10).toString("hex").toUpperCase(),
    adminSecretKey: randomBytes(20).toString("hex"),
    finished: false,
  };
}

/**
 * The cluster in this directory, or undefined where there is none yet.
 *
 * @throws when the directory holds something else: it is not ours to build in.
 */
export function readDescription(directory: string): Description | undefined {
  const file = descriptionFile(directory);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Description;
  if (!existsSync(directory) || readdirSync(directory).length === 0) return undefined;
  throw new Error(`${directory} is not empty and holds no cluster. Set CEPH_DIR to a folder of its own.`);
}

/** Written whole or not at all; readable by its owner only. */
export function writeDescription(directory: string, description: Description): void {
  const temporary = `${descriptionFile(directory)}.new`;
  writeFileSync(temporary, `${JSON.stringify(description, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, descriptionFile(directory));
}

function descriptionFile(directory: string): string {
  return join(directory, "cluster.json");
}
