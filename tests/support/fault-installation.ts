import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type pg from "pg";
import { installation, operatorLink, processId, queryAsOwner, storageAdmin } from "./installation.ts";

type Part = Parameters<typeof processId>[1];

/** An installation whose parts a test may stop, kill and look into. */
export interface FaultInstallation {
  console: string;
  operatorLink(): Promise<string>;
  /** Sends a signal to a part; to postgres as its first process, on whose death the others end. */
  signal(part: Part, signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
  /** Asks the console's database as its owner, on a connection of its own: it may be down at any time. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** How a driver reaches the engine. */
  storage(): Promise<{
    endpoint: string;
    region: string;
    adminKey: { accessKeyId: string; secretAccessKey: string };
  }>;
  stop(): Promise<void>;
}

/**
 * Starts everything as `npm start` does, on an empty data directory.
 *
 * @param settings variables beside those that an installation for tests is started with
 */
export async function startFaultInstallation(
  settings: Record<string, string> = {},
): Promise<FaultInstallation> {
  const { console, storage, environment } = installation("faults");
  const launcher = spawn(process.execPath, ["tests/support/start-installation.ts"], {
    env: { ...process.env, ...environment, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await saidToRun(launcher);

  return {
    console,
    operatorLink: () => operatorLink("faults"),
    async signal(part, signal) {
      process.kill(await processId("faults", part), signal);
    },
    query: (sql, values) => queryAsOwner("faults", sql, values),
    storage: async () => ({ endpoint: storage, region: "us-east-1", adminKey: await storageAdmin("faults") }),
    async stop() {
      launcher.kill("SIGTERM");
      await once(launcher, "exit");
    },
  };
}

function saidToRun(launcher: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    launcher.stdout?.on("data", (chunk) => {
      output += String(chunk);
      if (output.includes("Balde is running")) resolve();
    });
    launcher.once("exit", () => reject(new Error(`the installation did not start:\n${output}`)));
  });
}
