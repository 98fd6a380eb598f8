import { join } from "node:path";
import { databaseUrl, ensureDatabase, ensureRole } from "#embedded/postgres/databases.ts";
import { type RunningPostgres, startPostgres } from "#embedded/postgres/server.ts";
import type { StandInSecrets } from "./stand-in-secrets.ts";

/** The connection strings that the other processes get for the embedded PostgreSQL. */
export interface StandInDatabaseUrls {
  DATABASE_URL: string;
  MIGRATION_DATABASE_URL: string;
  EMBEDDED_S3_DATABASE_URL: string;
}

/** The embedded server's own data directory. */
export function postgresDirectory(dataDir: string): string {
  return join(dataDir, "postgres");
}

/** The URLs of the embedded server's roles; known before it runs. */
export function standInDatabaseUrls(port: number, secrets: StandInSecrets): StandInDatabaseUrls {
  const server = `postgresql://127.0.0.1:${port}/postgres`;
  return {
    DATABASE_URL: databaseUrl(server, "balde_app", secrets.appPassword, "balde"),
    MIGRATION_DATABASE_URL: databaseUrl(server, "balde_owner", secrets.ownerPassword, "balde"),
    EMBEDDED_S3_DATABASE_URL: databaseUrl(server, "balde_s3", secrets.s3Password, "balde_s3"),
  };
}

/**
 * Starts the embedded PostgreSQL with the roles and databases of an installation: the console's, whose
 * runtime role owns nothing, and the object store's.
 */
export async function startStandInPostgres(
  dataDir: string,
  port: number,
  secrets: StandInSecrets,
): Promise<RunningPostgres> {
  const server = await startPostgres({
    dataDir: postgresDirectory(dataDir),
    port,
    superuserPassword: secrets.postgresPassword,
    logFile: join(dataDir, "logs", "postgres.log"),
  });
  const url = server.superuserUrl;
  await ensureRole(url, { name: "balde_owner", password: secrets.ownerPassword, createDatabases: true });
  await ensureRole(url, { name: "balde_app", password: secrets.appPassword });
  await ensureRole(url, { name: "balde_s3", password: secrets.s3Password });
  await ensureDatabase(url, { name: "balde", owner: "balde_owner", connect: ["balde_app"] });
  await ensureDatabase(url, { name: "balde_s3", owner: "balde_s3" });
  return server;
}
