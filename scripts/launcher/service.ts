import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { logTo, say } from "./output.ts";

/** A process of ours, as it is started and watched. */
export interface ServiceDefinition {
  /** Names the log file and the lines on the terminal. */
  name: "web" | "worker" | "object-store" | "mailbox";
  /** Arguments for Node: flags and the program. */
  args: string[];
  environment: NodeJS.ProcessEnv;
  dataDir: string;
  /** Up when this address answers at all (below 500), or when this message stands in its log. */
  readyWhen: { url: string } | { logged: string };
}

/** A process that is started again whenever it ends by itself. */
export interface Service {
  name: ServiceDefinition["name"];
  /**
   * Settles when the process is up for the first time. Rejects when it ends, or does not come up: then
   * something is wrong that a second try would not mend.
   */
  ready: Promise<void>;
  /** Ends the process: SIGTERM, and SIGKILL if it takes longer than ten seconds. */
  stop(): Promise<void>;
  /** Ends the process at once. */
  kill(): void;
}

const READY_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A process that has run this long before it ended starts over with the shortest pause. */
const SETTLED_MS = 60_000;

const endWithLauncher = fileURLToPath(new URL("./end-with-launcher.ts", import.meta.url));

/**
 * Starts a process and, once it has been up, starts it again whenever it ends by itself, after pauses that
 * double from half a second up to thirty.
 */
export function startService(definition: ServiceDefinition): Service {
  const { name, dataDir, readyWhen } = definition;
  let stopping = false;
  let child: ChildProcess;

  const messageLogged = Promise.withResolvers<void>();
  const logOutput = logTo(dataDir, name, (message) => {
    if ("logged" in readyWhen && message === readyWhen.logged) messageLogged.resolve();
  });

  const start = () => {
    child = spawn(process.execPath, ["--import", endWithLauncher, ...definition.args], {
      env: definition.environment,
      // A process group of its own: Ctrl-C reaches the launcher alone, which stops everything in order.
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    if (child.stdout && child.stderr) logOutput(child.stdout, child.stderr);
    if (child.pid) writePidFile(dataDir, name, child.pid);
    return child;
  };

  const comeUp = async (first: ChildProcess) => {
    await Promise.race([
      "url" in readyWhen ? untilAnswers(readyWhen.url, first) : messageLogged.promise,
      ended(first).then((how) => {
        throw new Error(`${name} ended at its start (${how}); see ${join(dataDir, "logs", `${name}.log`)}`);
      }),
      sleep(READY_TIMEOUT_MS, undefined, { ref: false }).then(() => {
        throw new Error(`${name} did not come up within ${READY_TIMEOUT_MS / 1000} s`);
      }),
    ]);
    void keepRunning(first);
  };

  const keepRunning = async (first: ChildProcess) => {
    let pauseMs = FIRST_PAUSE_MS;
    for (let current = first; ; current = start()) {
      const startedAt = Date.now();
      const how = await ended(current);
      if (stopping) return;
      if (Date.now() - startedAt > SETTLED_MS) pauseMs = FIRST_PAUSE_MS;
      say(`[${name}] ended unexpectedly (${how}); starting it again in ${pauseMs / 1000} s`);
      await sleep(pauseMs);
      if (stopping) return;
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  };

  return {
    name,
    ready: comeUp(start()),
    kill: () => signalGroup(child, "SIGKILL"),
    async stop() {
      stopping = true;
      if (isRunning(child)) {
        const gone = ended(child);
        signalGroup(child, "SIGTERM");
        const timer = setTimeout(() => {
          say(`[${name}] did not end within ${STOP_TIMEOUT_MS / 1000} s; killed`);
          signalGroup(child, "SIGKILL");
        }, STOP_TIMEOUT_MS);
        await gone;
        clearTimeout(timer);
      }
      rmSync(pidFile(dataDir, name), { force: true });
    },
  };
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let pauseMs = 50; isRunning(child); pauseMs = Math.min(pauseMs * 1.5, 1_000)) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: "manual" });
      await response.body?.cancel();
      if (response.status < 500) return;
    } catch {
      // not listening yet
    }
    await sleep(pauseMs);
  }
}

/** How the process ended, in words. */
async function ended(child: ChildProcess): Promise<string> {
  if (isRunning(child)) {
    await once(child, "exit").catch((error: Error) => {
      throw new Error(`could not be started: ${error.message}`);
    });
  }
  return child.signalCode ?? `code ${child.exitCode}`;
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** To the whole group: `node --watch` has the program in a process of its own below it. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!child.pid || !isRunning(child)) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** For whoever looks after the machine, and for tests that kill a process to see it come back. */
function writePidFile(dataDir: string, name: string, pid: number): void {
  mkdirSync(join(dataDir, "run"), { recursive: true });
  writeFileSync(pidFile(dataDir, name), `${pid}\n`);
}

function pidFile(dataDir: string, name: string): string {
  return join(dataDir, "run", `${name}.pid`);
}
