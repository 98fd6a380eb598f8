import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestDatabase, type TestPostgres } from "./postgres.ts";

const MAIN = fileURLToPath(new URL("../../embedded/object-store/main.ts", import.meta.url));
const START_PATIENCE_MS = 20_000;

/** An embedded object store in a process, with a database and a directory of its own. */
export interface TestObjectStore {
  endpoint: string;
  region: string;
  adminKey: { accessKeyId: string; secretAccessKey: string };
  databaseUrl: string;
  /** Its DATA_DIR. */
  directory: string;
  /** The running process's id. */
  pid(): number;
  /** What it has written to standard output and error since it was started first. */
  output(): string;
  /** Ends the process with SIGKILL, as a crash would; its data stay. */
  kill(): Promise<void>;
  /** Starts it again after {@link kill}, at the same address. */
  start(): Promise<void>;
  /** Ends the process and removes its data. */
  stop(): Promise<void>;
}

/**
 * Spawns the embedded object store for a test file.
 *
 * @param postgres as `inject("postgres")` gives it.
 * @param options `region`: the one that clients must sign for, by default not the SDK's own default. `diskBytes`: gives
 *   it a disk of that size, in memory, which is lost with the process.
 */
export async function startObjectStore(
  postgres: TestPostgres,
  { region = "sa-east-1", diskBytes }: { region?: string; diskBytes?: number } = {},
): Promise<TestObjectStore> {
  const database = await createTestDatabase(postgres, { owner: "balde_s3" });
  const directory = await mkdtemp(join(tmpdir(), "balde-object-store-"));
  const adminKey = {
    accessKeyId: `TESTADMIN${randomBytes(5).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString("hex"),
  };
  let output = "";
  // Zero is any free port; a later start must find the same again.
  let port = 0;
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const [command, ...args] = [...(diskBytes ? onSmallDisk(diskBytes) : []), process.execPath, MAIN];
    child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        EMBEDDED_S3_DATABASE_URL: database.urlFor("balde_s3"),
        EMBEDDED_S3_PORT: String(port),
        DATA_DIR: directory,
        STORAGE_REGION: region,
        STORAGE_ADMIN_ACCESS_KEY: adminKey.accessKeyId,
        STORAGE_ADMIN_SECRET_KEY: adminKey.secretAccessKey,
        LOG_LEVEL: "info",
      },
    });
    const startedAt = output.length;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    port = await listeningPort(child, () => output.slice(startedAt));
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async function stop(): Promise<void> {
    await end("SIGTERM");
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region,
    adminKey,
    databaseUrl: database.urlFor("balde_s3"),
    directory,
    pid() {
      if (child?.pid === undefined) throw new Error("the object store does not run");
      return child.pid;
    },
    output: () => output,
    kill: () => end("SIGKILL"),
    start,
    stop,
  };
}

/** A command that runs what follows it with a file system of its own on DATA_DIR. Needs no privileges. */
function onSmallDisk(diskBytes: number): string[] {
  const script = `mount -t tmpfs -o size=${diskBytes} tmpfs "$DATA_DIR" && exec "$@"`;
  return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"];
}

/** The port in the store's own line "listening", once it has written it. */
async function listeningPort(child: ChildProcess, output: () => string): Promise<number> {
  const deadline = performance.now() + START_PATIENCE_MS;
  while (performance.now() < deadline) {
    const line = output()
      .split("\n")
      .find((text) => text.includes('"msg":"listening"') && text.endsWith("}"));
    if (line) return (JSON.parse(line) as { port: number }).port;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill("SIGKILL");
  throw new Error(`The object store did not start:\n${output()}`);
}
