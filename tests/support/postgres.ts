import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { databaseUrl, dropDatabase, ensureDatabase, ensureRole } from "#embedded/postgres/databases.ts";
import { startPostgres } from "#embedded/postgres/server.ts";

/** The test run's PostgreSQL, as tests get it with `inject("postgres")`. */
export interface TestPostgres {
  superuserUrl: string;
  /** One password for the roles balde_owner, balde_app and balde_s3. */
  password: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    postgres: TestPostgres;
  }
}

/** Starts a PostgreSQL with the installation's roles, on a free port and with data that nobody will miss. */
export async function startTestPostgres(): Promise<TestPostgres & { stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "balde-test-"));
  await chmod(directory, 0o711); // as root, the server runs as nobody, who must be able to enter
  const password = randomBytes(18).toString("base64url");
  const server = await startPostgres({
    dataDir: join(directory, "postgres"),
    port: await freePort(),
    superuserPassword: password,
    durable: false,
  });
  await ensureRole(server.superuserUrl, { name: "balde_owner", password, createDatabases: true });
  await ensureRole(server.superuserUrl, { name: "balde_app", password });
  await ensureRole(server.superuserUrl, { name: "balde_s3", password });
  return {
    superuserUrl: server.superuserUrl,
    password,
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A database of the test run, and the connection strings to it. */
export interface TestDatabase {
  name: string;
  /** The URL for one of the installation's roles. */
  urlFor(role: "balde_owner" | "balde_app" | "balde_s3"): string;
  /** The URL for the server's superuser, whom no grant and no trigger binds. */
  superuserUrl: string;
  drop(): Promise<void>;
}

/** Makes a database: empty, or a copy of a template. Roles that may connect: the owner and balde_app. */
export async function createTestDatabase(
  postgres: TestPostgres,
  options: { owner?: "balde_owner" | "balde_s3"; template?: string; name?: string } = {},
): Promise<TestDatabase> {
  const name = options.name ?? `t_${randomUUID().replaceAll("-", "")}`;
  const owner = options.owner ?? "balde_owner";
  await ensureDatabase(postgres.superuserUrl, {
    name,
    owner,
    connect: owner === "balde_owner" ? ["balde_app"] : [],
    template: options.template,
  });
  return {
    name,
    urlFor: (role) => databaseUrl(postgres.superuserUrl, role, postgres.password, name),
    superuserUrl: databaseUrl(postgres.superuserUrl, "postgres", postgres.password, name),
    drop: () => dropDatabase(postgres.superuserUrl, name),
  };
}

/** Brings a database up to date, as an installation's start does. */
export async function migrate(database: TestDatabase): Promise<void> {
  await promisify(execFile)(process.execPath, ["scripts/migrate.ts"], {
    env: {
      ...process.env,
      NODE_ENV: "test",
      MIGRATION_DATABASE_URL: database.urlFor("balde_owner"),
      DATABASE_URL: database.urlFor("balde_app"),
    },
  });
}

/** A TCP port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
