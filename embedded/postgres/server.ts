import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
} from "node:fs";
import { chmod, chown, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { findBinaries, type PostgresBinaries } from "./binaries.ts";

/** How the embedded PostgreSQL is started. */
export interface PostgresOptions {
  /** The data directory; made with initdb when it does not exist yet. */
  dataDir: string;
  /** TCP port on 127.0.0.1. */
  port: number;
  /** Password of the role `postgres`; it counts when the data directory is made, and must stay the same. */
  superuserPassword: string;
  /** Where the server writes its log; beside the data directory by default. */
  logFile?: string;
  /** False trades safety for speed (no fsync): only for data that may be lost, as in tests. */
  durable?: boolean;
}

/** A server that accepts connections. */
export interface RunningPostgres {
  /** postgresql:// URL of the role `postgres`, database `postgres`. */
  superuserUrl: string;
  /** Process id of the postmaster. */
  pid: number;
  /** True when the server was already running, left by a launcher that was killed. */
  adopted: boolean;
  /** Settles when the server has ended, whether by stop() or by itself. */
  exited: Promise<void>;
  /** Ends the server cleanly: open transactions are rolled back, a checkpoint is written. */
  stop(): Promise<void>;
}

const RETRY_AFTER_KILL_MS = 10_000;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/** PostgreSQL refuses to run as root, so root hands it to the user `nobody`. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/**
 * Starts PostgreSQL on 127.0.0.1, or adopts the one that already runs on this data directory, and returns
 * once it answers. The server runs in a process group of its own: Ctrl-C at the terminal reaches only the
 * launcher, which stops its children in order, and a launcher that is killed leaves a working server behind
 * for the next start to adopt.
 *
 * @throws when the server cannot be started; the message holds the end of its log.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const binaries = await findBinaries();
  const dataDir = resolve(options.dataDir);
  const settings: Settings = {
    ...options,
    dataDir,
    logFile: options.logFile ?? `${dataDir}.log`,
    durable: options.durable ?? true,
  };

  const running = await adopt(settings);
  if (running) return running;

  if (!existsSync(join(dataDir, "PG_VERSION"))) await initialize(binaries, settings);
  return await launch(binaries, settings);
}

/** The port of the server that runs on a data directory, if one does. */
export function runningPort(dataDir: string): number | undefined {
  const left = readPidFile(resolve(dataDir));
  return left && isPostmaster(left.pid, resolve(dataDir)) ? left.port : undefined;
}

/** Stops the server that runs on a data directory, if one does, whoever started it. */
export async function stopRunning(dataDir: string): Promise<void> {
  const left = readPidFile(resolve(dataDir));
  if (left) await stopPostmaster(left.pid, resolve(dataDir));
}

type Settings = Required<PostgresOptions>;

/** Takes over a server left running on the data directory; one on another port is stopped instead. */
async function adopt(settings: Settings): Promise<RunningPostgres | undefined> {
  const left = readPidFile(settings.dataDir);
  if (!left || !isPostmaster(left.pid, settings.dataDir)) return undefined;

  if (left.port !== settings.port) {
    await stopPostmaster(left.pid, settings.dataDir);
    return undefined;
  }
  await untilItAnswers(settings, left.pid, () => isPostmaster(left.pid, settings.dataDir));
  return handle(settings, left.pid, untilGone(left.pid, settings.dataDir), true);
}

/** Makes the data directory under another name first: an initdb cut short is never mistaken for a database. */
async function initialize(binaries: PostgresBinaries, settings: Settings): Promise<void> {
  const { dataDir, superuserPassword, durable } = settings;
  const unfinished = `${dataDir}.initializing`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  assertReachable(dirname(dataDir));
  assertReachable(dirname(binaries.postgres));
  await chmod(unfinished, 0o700);
  if (nobody) await chown(unfinished, nobody.uid, nobody.gid);

  const secret = await mkdtemp(join(tmpdir(), "balde-initdb-"));
  try {
    const passwordFile = join(secret, "password");
    await writeFile(passwordFile, superuserPassword, { mode: 0o600 });
    if (nobody) for (const path of [secret, passwordFile]) await chown(path, nobody.uid, nobody.gid);
    await promisify(execFile)(
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        "--username=postgres",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        ...(durable ? [] : ["--no-sync"]),
      ],
      { cwd: "/", env: serverEnvironment(), ...nobody },
    );
  } catch (cause) {
    throw new Error(`initdb could not make ${dataDir}: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(secret, { recursive: true, force: true });
  }
  await rename(unfinished, dataDir);
}

/**
 * After a kill -9 the old server's helpers hold its shared memory for a moment, in which a new server refuses
 * to start: what was left by a kill is tried again for ten seconds, anything else fails at once.
 */
async function launch(binaries: PostgresBinaries, settings: Settings): Promise<RunningPostgres> {
  const wasKilled = existsSync(join(settings.dataDir, "postmaster.pid"));
  const giveUpAt = Date.now() + RETRY_AFTER_KILL_MS;
  for (;;) {
    await removeStalePidFile(settings.dataDir);
    const server = await spawnPostgres(binaries, settings);
    try {
      let ended = false;
      const exited = new Promise<void>((done) => server.once("exit", () => done())).then(() => {
        ended = true;
      });
      const pid = server.pid as number;
      await untilItAnswers(settings, pid, () => !ended);
      return handle(settings, pid, exited, false);
    } catch (error) {
      const isRunning = server.exitCode === null && server.signalCode === null;
      if (isRunning) server.kill("SIGINT");
      if (isRunning || !wasKilled || Date.now() > giveUpAt) throw error;
      await sleep(200);
    }
  }
}

async function spawnPostgres(binaries: PostgresBinaries, settings: Settings): Promise<ChildProcess> {
  const { dataDir, port, logFile, durable } = settings;
  const configuration: Record<string, string> = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    log_checkpoints: "off",
    log_line_prefix: "%m [%p] %q%u@%d ",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  await mkdir(dirname(logFile), { recursive: true });
  const log = await open(logFile, "a", 0o600);
  try {
    const flags = Object.entries(configuration).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const server = spawn(binaries.postgres, ["-D", dataDir, ...flags], {
      cwd: "/",
      env: serverEnvironment(),
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      ...nobody,
    });
    await new Promise((spawned, failed) => server.once("spawn", spawned).once("error", failed));
    return server;
  } finally {
    await log.close();
  }
}

/**
 * Waits until the server accepts connections, recovery after a crash included, and tries one. It is asked only
 * once it has said itself that it is ready: until then the port may be another program's.
 */
async function untilItAnswers(settings: Settings, pid: number, isAlive: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const file = readPidFile(settings.dataDir);
    if (file?.pid === pid && file.isReady && (await answers(settings))) return;
    if (!isAlive()) throw new Error(`PostgreSQL did not start:\n${await tail(settings.logFile)}`);
    if (Date.now() > giveUpAt) throw new Error(`PostgreSQL does not answer; see ${settings.logFile}`);
    await sleep(25);
  }
}

async function answers(settings: Settings): Promise<boolean> {
  const client = new pg.Client({ connectionString: superuserUrl(settings), connectionTimeoutMillis: 5_000 });
  // A server that ends between two packets must not end this process with an unhandled "error" event.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "28P01") {
      throw new Error(
        `PostgreSQL in ${settings.dataDir} does not accept the password kept for it. ` +
          "The data directory and secrets.json beside it belong together: restore both, or remove both.",
        { cause: error },
      );
    }
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function handle(settings: Settings, pid: number, exited: Promise<void>, adopted: boolean): RunningPostgres {
  return {
    superuserUrl: superuserUrl(settings),
    pid,
    adopted,
    exited,
    async stop() {
      await stopPostmaster(pid, settings.dataDir);
      await exited;
    },
  };
}

/** SIGINT is PostgreSQL's "fast" shutdown, SIGQUIT the "immediate" one that recovers at the next start. */
async function stopPostmaster(pid: number, dataDir: string): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    if (!isPostmaster(pid, dataDir)) return;
    process.kill(pid, signal);
    const giveUpAt = Date.now() + STOP_TIMEOUT_MS;
    while (isPostmaster(pid, dataDir) && Date.now() < giveUpAt) await sleep(20);
  }
}

async function untilGone(pid: number, dataDir: string): Promise<void> {
  while (isPostmaster(pid, dataDir)) await sleep(250, undefined, { ref: false });
}

function superuserUrl({ port, superuserPassword }: Settings): string {
  return `postgresql://postgres:${encodeURIComponent(superuserPassword)}@127.0.0.1:${port}/postgres`;
}

/** The server takes nothing from our environment but what a program needs to run at all. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
}

/** postmaster.pid: process id on its first line, port on its fourth, state on its eighth. */
function readPidFile(dataDir: string): { pid: number; port: number; isReady: boolean } | undefined {
  try {
    const lines = readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3]), isReady: lines[7]?.trim() === "ready" };
  } catch {
    return undefined;
  }
}

/** Process ids are reused, above all after a reboot: only the command line tells whether it is our server. */
function isPostmaster(pid: number, dataDir: string): boolean {
  try {
    const [program, flag, directory] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return Boolean(program?.endsWith("/postgres")) && flag === "-D" && directory === dataDir;
  } catch {
    return false;
  }
}

/**
 * PostgreSQL takes a postmaster.pid whose process id now belongs to another program of the same user for a
 * running server, and refuses to start. The file goes only when no process works in the data directory any
 * more: it is what guards a killed server's helpers from a second server.
 */
async function removeStalePidFile(dataDir: string): Promise<void> {
  const left = readPidFile(dataDir);
  if (left && !isPostmaster(left.pid, dataDir) && !hasProcesses(dataDir)) {
    await rm(join(dataDir, "postmaster.pid"), { force: true });
  }
}

/** Each process of a server has the data directory as its working directory. */
function hasProcesses(dataDir: string): boolean {
  return readdirSync("/proc").some((entry) => {
    try {
      return /^\d+$/.test(entry) && readlinkSync(`/proc/${entry}/cwd`) === dataDir;
    } catch {
      return false; // ended meanwhile, or another user's
    }
  });
}

/** As root, the server's user must be able to reach its data and its programs: a home of mode 0700 bars it. */
function assertReachable(directory: string): void {
  accessSync(directory, constants.X_OK);
  if (!nobody) return;
  for (let at = resolve(directory); at !== dirname(at); at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) {
      throw new Error(
        "Started by root, the embedded PostgreSQL runs as the user nobody, who cannot enter " +
          `${at}. Run \`chmod o+x ${at}\`, move the installation, or start as another user.`,
      );
    }
  }
}

async function tail(logFile: string): Promise<string> {
  const log = await readFile(logFile, "utf8").catch(() => "(no log)");
  return log.trimEnd().split("\n").slice(-5).join("\n");
}
