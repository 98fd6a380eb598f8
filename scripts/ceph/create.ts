import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ADMIN_CAPABILITIES, configuration, configurationFile, monitorAddress } from "./configuration.ts";
import { type Description, writeDescription } from "./description.ts";
import { environmentWithout, startProcess } from "./processes.ts";

/**
 * Makes a cluster in an empty directory, or over what a first start that was cut short has left. Afterwards the
 * monitor and the object storage daemon run.
 */
export async function createCluster(directory: string, cluster: Description): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
  // First of all, so that what follows is known for ours if it is cut short.
  writeDescription(directory, cluster);
  for (const name of ["mon", "osd", "rgw", "log", "run", "crash"]) mkdirSync(join(directory, name));

  const conf = configurationFile(directory);
  writeFileSync(conf, configuration(directory, cluster), { mode: 0o600 });
  await writeKeyring(directory);
  const map = join(directory, "monmap");
  const address = ["--addv", "a", monitorAddress(cluster)];
  await run("monmaptool", ["-c", "/dev/null", "--create", "--fsid", cluster.clusterId, ...address, map]);
  await Promise.all([
    run("ceph-mon", ["-c", conf, "-i", "a", "--mkfs", "--monmap", map]),
    run(
      "ceph-osd",
      ["-c", conf, "--no-mon-config", "-i", "0", "--mkfs", "--osd-uuid", cluster.osdId].concat(
        "--monmap",
        map,
      ),
    ),
  ]);

  startProcess("mon", directory);
  // The monitor must know the daemon's id before it shows itself.
  await run("ceph", ["-c", conf, "--connect-timeout", "30", "osd", "new", cluster.osdId, "0"]);
  startProcess("osd", directory);
  await createAdminUser(conf, cluster);
  writeDescription(directory, { ...cluster, finished: true });
}

/** The gateway's first user, whom the console works as; with it come the gateway's zone and its pools. */
async function createAdminUser(conf: string, { adminAccessKey, adminSecretKey }: Description): Promise<void> {
  const identity = [
    "--uid",
    "console-admin",
    "--display-name",
    "Console admin",
    "--caps",
    ADMIN_CAPABILITIES,
  ];
  const key = ["--access-key", adminAccessKey, "--secret-key", adminSecretKey];
  await run("radosgw-admin", ["-c", conf, "user", "create", ...identity, ...key]);
}

/** Every key is known to the monitor from its first moment, so that none need be asked for later. */
async function writeKeyring(directory: string): Promise<void> {
  const capabilities = {
    "mon.": { mon: "allow *" },
    "client.admin": { mon: "allow *", osd: "allow *" },
    "osd.0": { mon: "allow profile osd", osd: "allow *" },
    "client.rgw.a": { mon: "allow rw", osd: "allow rwx" },
  };
  const sections = Object.entries(capabilities).map(async ([name, caps]) => {
    const key = await run("ceph-authtool", ["-c", "/dev/null", "--gen-print-key"]);
    const lines = Object.entries(caps).map(([daemon, allowed]) => `caps ${daemon} = "${allowed}"`);
    return `[${name}]\nkey = ${key}\n${lines.join("\n")}\n`;
  });
  const text = (await Promise.all(sections)).join("\n");
  writeFileSync(join(directory, "keyring"), text, { mode: 0o600 });
}

const PATIENCE_MS = 90_000;

/** Runs one of Ceph's command lines to its end. An error names the program alone: arguments hold keys. */
async function run(program: string, args: string[]): Promise<string> {
  try {
    const options = { env: environmentWithout(process.env), timeout: PATIENCE_MS };
    const { stdout } = await promisify(execFile)(program, args, options);
    return stdout.trim();
  } catch (error) {
    const { code, stderr = "" } = error as { code?: string | number; stderr?: string };
    throw new Error(`${program} failed (${code ?? "no answer"}):\n${stderr}`.trimEnd());
  }
}
