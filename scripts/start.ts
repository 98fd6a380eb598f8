/**
 * Starts an installation: stand-ins for whatever the environment does not name (PostgreSQL, the object
 * store, mail), migrations, the build when it is due, then the web and worker processes, and watches over
 * all of them until Ctrl-C or SIGTERM.
 *
 *     node scripts/start.ts [--dev]
 *
 * With --dev the web application is served by Vite from its sources, and the worker starts again whenever a
 * file of it changes.
 */
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type RunningPostgres, runningPort } from "#embedded/postgres/server.ts";
import { buildWhatIsStale } from "./launcher/build.ts";
import { enterRepository } from "./launcher/enter-repository.ts";
import { lockDataDirectory } from "./launcher/lock.ts";
import { complain, say } from "./launcher/output.ts";
import { assertPortsFree, type NeededPort } from "./launcher/ports.ts";
import { type Service, type ServiceDefinition, startService } from "./launcher/service.ts";
import { readSettings, type Settings } from "./launcher/settings.ts";
import { postgresDirectory, startStandInPostgres } from "./launcher/stand-in-postgres.ts";
import { loadStandInSecrets } from "./launcher/stand-in-secrets.ts";
import { webArguments } from "./launcher/web-arguments.ts";

const development = process.argv.includes("--dev");
const services = new Map<ServiceDefinition["name"], Service>();
let postgres: RunningPostgres | undefined;
let stopping = false;

async function main(): Promise<void> {
  assertNodeVersion();
  enterRepository();
  if (development) process.env.NODE_ENV = "development";

  const settings = readSettings(process.env, loadStandInSecrets);
  await lockDataDirectory(settings.values.DATA_DIR);
  await assertPortsFree(neededPorts(settings));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);

  if (settings.embedded.postgres) await startPostgres(settings);
  await Promise.all([
    settings.embedded.objectStore && startObjectStore(settings),
    settings.embedded.mailbox && startMailbox(settings),
    runScript("scripts/migrate.ts", settings),
    buildWhatIsStale({ development, say }),
  ]);
  await Promise.all([startWorker(settings), startWeb(settings)]);
  await announce(settings);
}

function assertNodeVersion(): void {
  if (Number.parseInt(process.versions.node, 10) === 24) return;
  throw new Error(
    `Balde runs on Node.js 24; this is ${process.version}. \`npm start\` brings the right one along: ` +
      "use it rather than a Node of your own.",
  );
}

function neededPorts({ values, embedded }: Settings): NeededPort[] {
  const host = "127.0.0.1";
  const adopted = runningPort(postgresDirectory(values.DATA_DIR)) === values.EMBEDDED_POSTGRES_PORT;
  const ports: (NeededPort | false)[] = [
    { what: "the console", variable: "PORT", port: values.PORT, host: values.HOST },
    embedded.postgres &&
      !adopted && {
        what: "PostgreSQL",
        variable: "EMBEDDED_POSTGRES_PORT",
        port: values.EMBEDDED_POSTGRES_PORT,
        host,
      },
    embedded.objectStore && {
      what: "the object store",
      variable: "EMBEDDED_S3_PORT",
      port: values.EMBEDDED_S3_PORT,
      host,
    },
    embedded.mailbox && {
      what: "incoming mail",
      variable: "EMBEDDED_SMTP_PORT",
      port: values.EMBEDDED_SMTP_PORT,
      host,
    },
    embedded.mailbox && {
      what: "the mailbox",
      variable: "EMBEDDED_MAILBOX_PORT",
      port: values.EMBEDDED_MAILBOX_PORT,
      host,
    },
  ];
  return ports.filter((needed) => needed !== false);
}

// --- The parts ---------------------------------------------------------------------------------------------

async function startPostgres({ values }: Settings): Promise<void> {
  if (values.DATABASE_URL) {
    say(
      "The embedded object store keeps its rows in the embedded PostgreSQL, apart from the console's database. " +
        "EMBEDDED_S3_DATABASE_URL names another server for them; STORAGE_ENDPOINT replaces the store.",
    );
  }
  const start = () =>
    startStandInPostgres(values.DATA_DIR, values.EMBEDDED_POSTGRES_PORT, loadStandInSecrets(values.DATA_DIR));
  const keepRunning = async (first: RunningPostgres) => {
    for (let current: RunningPostgres | undefined = first; ; ) {
      await current?.exited;
      if (stopping) return;
      say("[postgres] ended unexpectedly; starting it again");
      current = await start().catch((error: Error) => say(`[postgres] ${error.message}`) as undefined);
      if (current) postgres = current;
      await sleep(1_000);
    }
  };
  postgres = await start();
  void keepRunning(postgres);
}

async function startObjectStore(settings: Settings): Promise<void> {
  await start(settings, {
    name: "object-store",
    args: ["embedded/object-store/main.ts"],
    readyWhen: { url: `http://127.0.0.1:${settings.values.EMBEDDED_S3_PORT}/` },
  });
}

async function startMailbox(settings: Settings): Promise<void> {
  await start(settings, {
    name: "mailbox",
    args: ["embedded/mailbox/main.ts"],
    readyWhen: { url: `http://127.0.0.1:${settings.values.EMBEDDED_MAILBOX_PORT}/api/messages` },
  });
}

async function startWorker(settings: Settings): Promise<void> {
  await start(settings, {
    name: "worker",
    args: development ? ["--watch", "--watch-preserve-output", "worker.ts"] : ["worker.ts"],
    readyWhen: { logged: "worker ready" },
  });
}

async function startWeb(settings: Settings): Promise<void> {
  const { HOST, PORT } = settings.values;
  const host = HOST === "0.0.0.0" || HOST === "::" ? "localhost" : HOST.includes(":") ? `[${HOST}]` : HOST;
  await start(settings, {
    name: "web",
    // Vite takes the development build of React Router; the server around it must take the same one.
    args: development ? ["--conditions=development", ...webArguments] : webArguments,
    // In development a fault in the application must not keep everything from coming up.
    readyWhen: development ? { logged: "web ready" } : { url: `http://${host}:${PORT}/healthz` },
  });
}

/** Secrets of others: a process gets none that it has no use for. */
const consoleSecrets = [
  "DATABASE_URL",
  "SESSION_SECRETS",
  "ENCRYPTION_KEYS",
  "AUDIT_SIGNING_KEY",
  "SMTP_URL",
];
const storeSecrets = ["EMBEDDED_S3_DATABASE_URL", "STORAGE_ADMIN_ACCESS_KEY", "STORAGE_ADMIN_SECRET_KEY"];
const notFor: Record<ServiceDefinition["name"], string[]> = {
  web: ["MIGRATION_DATABASE_URL", "EMBEDDED_S3_DATABASE_URL"],
  worker: ["MIGRATION_DATABASE_URL", "EMBEDDED_S3_DATABASE_URL"],
  "object-store": ["MIGRATION_DATABASE_URL", ...consoleSecrets],
  mailbox: ["MIGRATION_DATABASE_URL", ...consoleSecrets, ...storeSecrets],
};

function without(environment: NodeJS.ProcessEnv, names: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
}

async function start(
  { values, environment }: Settings,
  definition: Pick<ServiceDefinition, "name" | "args" | "readyWhen">,
): Promise<void> {
  if (stopping) return;
  const service = startService({
    ...definition,
    environment: without(environment, notFor[definition.name]),
    dataDir: values.DATA_DIR,
  });
  services.set(service.name, service);
  await service.ready;
}

/** Runs a program of ours to its end and returns what it printed. */
async function runScript(script: string, { environment }: Settings): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env: environment });
    return stdout.trim();
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${script} failed:\n${stdout}${stderr}`.trimEnd(), { cause: error });
  }
}

// --- What is said when all is up ---------------------------------------------------------------------------

async function announce(settings: Settings): Promise<void> {
  const { environment, embedded, values } = settings;
  const setupLink = await runScript("scripts/operator-setup.ts", settings);
  await keepSetupLink(values.DATA_DIR, setupLink);

  say("\nBalde is running.\n");
  say(`  Console      ${environment.PUBLIC_URL}`);
  say(`  S3 endpoint  ${environment.STORAGE_PUBLIC_ENDPOINT}`);
  if (embedded.mailbox) say(`  Mailbox      http://localhost:${values.EMBEDDED_MAILBOX_PORT}`);
  if (setupLink) say(`\n  Create the first operator; this link works once:\n  ${setupLink}`);
  say(`\nLogs are in ${join(values.DATA_DIR, "logs")}. Ctrl-C stops everything.\n`);
}

/** Kept for whoever has lost the terminal's output: a file only its owner can read, gone once it is of no use. */
async function keepSetupLink(dataDir: string, link: string): Promise<void> {
  const file = join(dataDir, "operator-link");
  await rm(file, { force: true });
  if (link) await writeFile(file, `${link}\n`, { mode: 0o600 });
}

// --- The end -----------------------------------------------------------------------------------------------

let firstSignalAt = 0;

/** The first signal stops everything in order; one that comes after a while stops it the hard way. */
function onSignal(): void {
  if (!firstSignalAt) {
    firstSignalAt = Date.now();
    say("\nStopping…");
    stopAll().then(
      () => process.exit(0),
      (error: Error) => {
        say(error.message);
        process.exit(1);
      },
    );
    return;
  }
  // npm passes on the signal that the terminal has sent to us as well: that is no second Ctrl-C.
  if (Date.now() - firstSignalAt < 1_000) return;
  for (const service of services.values()) service.kill();
}

/** Front to back, so that nothing loses what it depends on before it has finished. */
async function stopAll(): Promise<void> {
  stopping = true;
  for (const name of ["web", "worker", "object-store", "mailbox"] as const) await services.get(name)?.stop();
  await postgres?.stop();
}

try {
  await main();
} catch (error) {
  // While stopping, what was still starting fails: that is no error to report.
  if (!stopping) {
    complain(`\n${(error as Error).message}`);
    await stopAll();
    process.exit(1);
  }
}
