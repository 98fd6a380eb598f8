import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startCephCluster } from "../../scripts/ceph/cluster.ts";
import { configurationFile } from "../../scripts/ceph/configuration.ts";
import { type CephProcess, environmentWithout, runningProcesses } from "../../scripts/ceph/processes.ts";

/** The cluster that `npm run test:ceph` made for this run: its daemons may be stopped. */
function ownCluster(): string {
  const directory = process.env.CEPH_TEST_DIR;
  if (!directory)
    throw new Error("there is no cluster to test with; run: npm run test:ceph -- --only faults");
  return directory;
}

/** Sends a signal to the parts named, in that order. */
export function signalCeph(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT", ...parts: CephProcess[]): void {
  const running = runningProcesses(ownCluster());
  for (const part of parts) {
    if (running[part].length === 0) throw new Error(`Ceph's ${part} does not run`);
    for (const pid of running[part]) process.kill(pid, signal);
  }
}

/** Starts what does not run, as whoever looks after the machine would, and waits until requests are answered. */
export async function startCeph(): Promise<void> {
  await startCephCluster({ directory: ownCluster(), port: undefined, store: "bluestore", say: () => {} });
}

/** Asks the gateway's own tool, which reads what is stored and not what the gateway says. Answers its JSON. */
export async function askCeph<Answer>(...args: string[]): Promise<Answer> {
  const options = { env: environmentWithout(process.env), timeout: 30_000 };
  const configured = ["-c", configurationFile(ownCluster())];
  const { stdout } = await promisify(execFile)("radosgw-admin", [...configured, ...args], options);
  return JSON.parse(stdout) as Answer;
}
