import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { configurationFile } from "./configuration.ts";

/** The processes of a cluster. The supervisor is ours: it starts the gateway again when that ends. */
export type CephProcess = "mon" | "osd" | "gateway" | "supervisor";

const SUPERVISOR = fileURLToPath(new URL("supervise-gateway.ts", import.meta.url));

/** How each is started. `-f`: in the foreground, so that its process id is the one that we know. */
function commandOf(name: CephProcess, directory: string): [program: string, ...args: string[]] {
  const configured = ["-c", configurationFile(directory)];
  switch (name) {
    case "mon":
      return ["ceph-mon", ...configured, "-i", "a", "-f"];
    case "osd":
      return ["ceph-osd", ...configured, "-i", "0", "-f"];
    case "gateway":
      return ["radosgw", ...configured, "-n", "client.rgw.a", "-f"];
    case "supervisor":
      return [process.execPath, SUPERVISOR, directory];
  }
}

/**
 * The process ids of a cluster's parts that run. Found by their command lines rather than by files that hold
 * process ids: those outlive a process that was killed, and may then name a stranger.
 *
 * A part may have two for a moment: one that starts another has its twin until that runs the other's program.
 */
export function runningProcesses(directory: string): Record<CephProcess, number[]> {
  const running: Record<CephProcess, number[]> = { mon: [], osd: [], gateway: [], supervisor: [] };
  const names = Object.keys(running) as CephProcess[];
  const nameOf = new Map(names.map((name) => [commandOf(name, directory).join("\0"), name]));
  for (const entry of readdirSync("/proc")) {
    const name = /^\d+$/.test(entry) ? nameOf.get(commandLineOf(Number(entry))) : undefined;
    if (name) running[name].push(Number(entry));
  }
  return running;
}

/** Empty for one that has ended, waited for by its parent or not. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replace(/\0$/, "");
  } catch {
    return "";
  }
}

/** Starts one, to go on when this process ends. What it prints goes to its file in the directory's `log`. */
export function startProcess(name: CephProcess, directory: string): ChildProcess {
  const [program, ...args] = commandOf(name, directory);
  const output = openSync(join(directory, "log", `${name}.out`), "a", 0o600);
  try {
    const child = spawn(program, args, {
      detached: true,
      stdio: ["ignore", output, output],
      env: environmentWithout(process.env),
    });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/** The environment without what would lead Ceph's programs to another cluster. */
export function environmentWithout(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { CEPH_CONF: _conf, CEPH_ARGS: _args, CEPH_KEYRING: _keyring, ...rest } = environment;
  return rest;
}

/** Ends one, stopped (SIGSTOP) or not: SIGTERM, and SIGKILL if it takes longer than `patienceMs`. */
export async function endProcess(name: CephProcess, directory: string, patienceMs: number): Promise<void> {
  for (const pid of runningProcesses(directory)[name]) {
    signal(pid, "SIGCONT");
    signal(pid, "SIGTERM");
  }
  if (await isGone(name, directory, patienceMs)) return;
  for (const pid of runningProcesses(directory)[name]) signal(pid, "SIGKILL");
  if (!(await isGone(name, directory, 5_000))) throw new Error(`Ceph's ${name} does not end`);
}

async function isGone(name: CephProcess, directory: string, patienceMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + patienceMs;
  while (runningProcesses(directory)[name].length > 0) {
    if (Date.now() >= giveUpAt) return false;
    await sleep(25);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
