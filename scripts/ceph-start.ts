/**
 * Starts a Ceph cluster on this machine for development and tests (one monitor, one object storage daemon, one
 * Object Gateway, on loopback) and prints how the console reaches it, as shell assignments:
 *
 *     eval "$(npm run -s ceph:start)" && npm start
 *
 * It keeps running, and its data, until `npm run ceph:stop`; started again it prints the same.
 *
 *     --install   install Debian's packages where they are missing (as root)
 *     --memstore  for a new cluster: objects in memory, quicker, lost when the daemon is killed
 *
 * Environment: CEPH_DIR (DATA_DIR/ceph), CEPH_PORT (7480, and the 19 ports above it).
 */
import { parseArgs } from "node:util";
import { startCephCluster } from "./ceph/cluster.ts";
import { cephPackages } from "./ceph/packages.ts";
import { readCephSettings } from "./ceph/settings.ts";
import { enterRepository } from "./launcher/enter-repository.ts";
import { ensureDebianPackages, missingPackages } from "./testing/debian-packages.ts";

/** To standard error: standard output is for the shell. */
const say = (line: string) => console.error(line);

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: { install: { type: "boolean" }, memstore: { type: "boolean" } },
  });
  enterRepository();
  const settings = readCephSettings(process.env);
  await ensurePackages(options.install ?? false);
  const { endpoint, adminKey } = await startCephCluster({
    ...settings,
    store: options.memstore ? "memstore" : "bluestore",
    say,
  });
  console.log(`export STORAGE_ENDPOINT='${endpoint}'`);
  console.log(`export STORAGE_ADMIN_ACCESS_KEY='${adminKey.accessKeyId}'`);
  console.log(`export STORAGE_ADMIN_SECRET_KEY='${adminKey.secretAccessKey}'`);
}

async function ensurePackages(install: boolean): Promise<void> {
  const { names, command } = missingPackages(cephPackages);
  if (names.length === 0) return;
  if (!install) {
    throw new Error(
      `Ceph is not installed here. On Debian 12, as root: apt-get update && ${command}\n` +
        "or let this do it: npm run ceph:start -- --install",
    );
  }
  const { ok, output } = await ensureDebianPackages(cephPackages, {
    whatFor: "Ceph needs",
    live: false,
    say,
  });
  if (!ok) throw new Error(output.trimEnd());
}

try {
  await main();
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
