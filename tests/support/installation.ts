import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import pg from "pg";
import { environmentSchema } from "#app/ports/environment.ts";
import { launcherSchema } from "../../scripts/launcher/settings.ts";
import { oidcClient } from "./oidc-client.ts";

/** An installation as `npm start` makes it, for one project of the end-to-end tests. */
export interface Installation {
  /** Address of the console. */
  console: string;
  /** Address of the storage engine. */
  storage: string;
  /** Address of the mailbox. */
  mailbox: string;
  /** Where it expects the provider "Corp" that people may sign in with. Nothing is there until a test starts one. */
  corp: { port: number; redirectUri: string };
  dataDir: string;
  /** The whole environment that it is started with, beside PATH and the like. */
  environment: Record<string, string>;
}

/**
 * Each Playwright project, and the fault tests, have an installation of their own, since the link that
 * creates the first operator works once.
 * E2E_PORT moves all of them: the console's port, and by as much every other.
 */
const shifts = { javascript: 0, "no-javascript": 10, faults: 20, "text-browser": 30 };
export type ProjectName = keyof typeof shifts;

/** An engine to test with instead of the embedded object store: `npm run test:ceph` names its own. */
const givenEngine = process.env.E2E_STORAGE_ENDPOINT && {
  STORAGE_ENDPOINT: process.env.E2E_STORAGE_ENDPOINT,
  STORAGE_ADMIN_ACCESS_KEY: process.env.E2E_STORAGE_ADMIN_ACCESS_KEY ?? "",
  STORAGE_ADMIN_SECRET_KEY: process.env.E2E_STORAGE_ADMIN_SECRET_KEY ?? "",
};

/** The installation that a project of playwright.config.ts tests. */
export function installation(project: ProjectName): Installation {
  const shift = Number(process.env.E2E_PORT ?? 3100) - 3100 + shifts[project];
  const ports = {
    PORT: 3100 + shift,
    // Below the ports that Linux gives to outgoing connections (from 32768 on): one of those may be held by any of them.
    EMBEDDED_POSTGRES_PORT: 15430 + shift,
    EMBEDDED_S3_PORT: 9100 + shift,
    EMBEDDED_SMTP_PORT: 1125 + shift,
    EMBEDDED_MAILBOX_PORT: 8125 + shift,
  };
  const dataDir = resolve(".data/e2e", project);
  const console = `http://localhost:${ports.PORT}`;
  const corp = { port: 7100 + shift, redirectUri: `${console}/auth/corp/callback` };
  return {
    console,
    corp,
    storage: givenEngine ? givenEngine.STORAGE_ENDPOINT : `http://127.0.0.1:${ports.EMBEDDED_S3_PORT}`,
    mailbox: `http://localhost:${ports.EMBEDDED_MAILBOX_PORT}`,
    dataDir,
    environment: {
      // Blank, whatever the developer's own environment and .env hold: the tests run on stand-ins.
      ...Object.fromEntries(
        Object.keys({ ...environmentSchema.shape, ...launcherSchema.shape }).map((name) => [name, ""]),
      ),
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
      ...givenEngine,
      SIGN_IN_PROVIDERS: "corp",
      SIGN_IN_CORP_NAME: "Corp",
      SIGN_IN_CORP_ISSUER: `http://127.0.0.1:${corp.port}`,
      SIGN_IN_CORP_CLIENT_ID: oidcClient.clientId,
      SIGN_IN_CORP_CLIENT_SECRET: oidcClient.clientSecret,
      SIGN_IN_CORP_TRUSTED_DOMAINS: "corp.example",
      DATA_DIR: dataDir,
      NODE_ENV: "production",
    },
  };
}

/** The one-time link that creates the first operator. */
export async function operatorLink(project: ProjectName): Promise<string> {
  return (await readFile(join(installation(project).dataDir, "operator-link"), "utf8")).trim();
}

/** The credentials of the storage engine's admin user. */
export async function storageAdmin(
  project: ProjectName,
): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  if (givenEngine) {
    return {
      accessKeyId: givenEngine.STORAGE_ADMIN_ACCESS_KEY,
      secretAccessKey: givenEngine.STORAGE_ADMIN_SECRET_KEY,
    };
  }
  const secrets = JSON.parse(
    await readFile(join(installation(project).dataDir, "secrets.json"), "utf8"),
  ) as Record<string, string>;
  return {
    accessKeyId: secrets.storageAdminAccessKey ?? "",
    secretAccessKey: secrets.storageAdminSecretKey ?? "",
  };
}

/**
 * Asks the console's database as its owner, on a connection of its own: it may be down at any time. For what no page can
 * bring about, such as a session that is older than it is.
 */
export async function queryAsOwner<Row extends pg.QueryResultRow>(
  project: ProjectName,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const { dataDir, environment } = installation(project);
  const { ownerPassword } = JSON.parse(await readFile(join(dataDir, "secrets.json"), "utf8")) as {
    ownerPassword: string;
  };
  const port = environment.EMBEDDED_POSTGRES_PORT;
  const client = new pg.Client({
    connectionString: `postgresql://balde_owner:${ownerPassword}@127.0.0.1:${port}/balde`,
    connectionTimeoutMillis: 2_000,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Address of the embedded store's own database, for what would take too many uploads. */
export async function storeDatabaseUrl(project: ProjectName): Promise<string> {
  const { dataDir, environment } = installation(project);
  const { s3Password } = JSON.parse(await readFile(join(dataDir, "secrets.json"), "utf8")) as {
    s3Password: string;
  };
  return `postgresql://balde_s3:${s3Password}@127.0.0.1:${environment.EMBEDDED_POSTGRES_PORT}/balde_s3`;
}

/** The process id of a part of the installation, for tests that kill it. */
export async function processId(
  project: ProjectName,
  name: "web" | "worker" | "object-store" | "mailbox" | "postgres",
): Promise<number> {
  const { dataDir } = installation(project);
  const file =
    name === "postgres" ? join(dataDir, "postgres", "postmaster.pid") : join(dataDir, "run", `${name}.pid`);
  return Number((await readFile(file, "utf8")).split("\n")[0]);
}
