import { resolve } from "node:path";
import { z } from "zod";
import {
  environmentSchema,
  originUrl,
  parseEnvironment,
  port,
  postgresUrl,
  smtpUrl,
} from "#app/ports/environment.ts";
import { parseSignInProviders } from "#app/ports/sign-in-providers.ts";
import { standInDatabaseUrls } from "./stand-in-postgres.ts";
import type { StandInSecrets } from "./stand-in-secrets.ts";

/** What the launcher itself reads; the web and worker processes' variables are checked after it. */
export const launcherSchema = z
  .object({
    NODE_ENV: environmentSchema.shape.NODE_ENV,
    HOST: environmentSchema.shape.HOST,
    PORT: environmentSchema.shape.PORT,
    DATA_DIR: z
      .string()
      .prefault(".data")
      .transform((path) => resolve(path)),
    EMBEDDED_POSTGRES_PORT: port.default(54320),
    EMBEDDED_S3_PORT: port.default(9000),
    EMBEDDED_SMTP_PORT: port.default(1025),
    EMBEDDED_MAILBOX_PORT: port.default(8025),
    DATABASE_URL: postgresUrl.optional(),
    MIGRATION_DATABASE_URL: postgresUrl.optional(),
    EMBEDDED_S3_DATABASE_URL: postgresUrl.optional(),
    STORAGE_ENDPOINT: originUrl.optional(),
    STORAGE_ADMIN_ACCESS_KEY: z.string().optional(),
    STORAGE_ADMIN_SECRET_KEY: z.string().optional(),
    SMTP_URL: smtpUrl.optional(),
    MAIL_FROM: z.string().optional(),
    SESSION_SECRETS: z.string().optional(),
    ENCRYPTION_KEYS: z.string().optional(),
    AUDIT_SIGNING_KEY: z.string().optional(),
  })
  .superRefine((values, context) => {
    const needs = (names: readonly (keyof typeof values)[], reason: string) => {
      for (const name of names) {
        if (values[name] === undefined) {
          context.addIssue({ code: "custom", path: [name], message: `must be set ${reason}` });
        }
      }
    };
    if (values.DATABASE_URL) {
      needs(["MIGRATION_DATABASE_URL"], "beside DATABASE_URL: the same database, as the role that owns it");
    }
    if (values.MIGRATION_DATABASE_URL) needs(["DATABASE_URL"], "beside MIGRATION_DATABASE_URL");
    if (isSameDatabase(values.EMBEDDED_S3_DATABASE_URL, values.DATABASE_URL)) {
      context.addIssue({
        code: "custom",
        path: ["EMBEDDED_S3_DATABASE_URL"],
        message: "must be a database of its own, not the one of DATABASE_URL",
      });
    }
    if (values.STORAGE_ENDPOINT) {
      needs(["STORAGE_ADMIN_ACCESS_KEY", "STORAGE_ADMIN_SECRET_KEY"], "beside STORAGE_ENDPOINT");
    }
    if (values.SMTP_URL) needs(["MAIL_FROM"], "beside SMTP_URL: the sender of all mail");
    // Secrets made up here would be lost with this machine, and what they encrypted in that database with them.
    if (values.DATABASE_URL && values.NODE_ENV === "production") {
      needs(
        ["SESSION_SECRETS", "ENCRYPTION_KEYS", "AUDIT_SIGNING_KEY"],
        "when the database is not the embedded one",
      );
    }
  });

function isSameDatabase(one: string | undefined, other: string | undefined): boolean {
  if (!one || !other) return false;
  const [a, b] = [new URL(one), new URL(other)];
  return a.hostname === b.hostname && (a.port || "5432") === (b.port || "5432") && a.pathname === b.pathname;
}

/** What this start consists of. */
export interface Settings {
  values: z.output<typeof launcherSchema>;
  /** Which stand-ins run. */
  embedded: { postgres: boolean; objectStore: boolean; mailbox: boolean };
  /** The whole environment of the processes that are started. */
  environment: NodeJS.ProcessEnv;
}

/**
 * Works out what to start from the environment.
 *
 * @param secrets gives the stand-ins' secrets; called only once the variables have passed
 * @throws EnvironmentError that names every bad variable.
 */
export function readSettings(
  variables: NodeJS.ProcessEnv,
  secrets: (dataDir: string) => StandInSecrets,
): Settings {
  const values = parseEnvironment(launcherSchema, variables);
  const objectStore = !values.STORAGE_ENDPOINT;
  const embedded = {
    objectStore,
    mailbox: !values.SMTP_URL,
    postgres: !values.DATABASE_URL || (objectStore && !values.EMBEDDED_S3_DATABASE_URL),
  };
  const environment = withStandIns(variables, values, embedded, secrets(values.DATA_DIR));
  parseEnvironment(environmentSchema, environment);
  parseSignInProviders(environment);
  return { values, embedded, environment };
}

/** The variables as given, completed with what belongs to the stand-ins. */
function withStandIns(
  variables: NodeJS.ProcessEnv,
  values: Settings["values"],
  embedded: Settings["embedded"],
  secrets: StandInSecrets,
): NodeJS.ProcessEnv {
  const standIns: NodeJS.ProcessEnv = {
    NODE_ENV: values.NODE_ENV,
    HOST: values.HOST,
    PORT: String(values.PORT),
    PUBLIC_URL: `http://localhost:${values.PORT}`,
    SESSION_SECRETS: secrets.sessionSecret,
    ENCRYPTION_KEYS: secrets.encryptionKey,
    AUDIT_SIGNING_KEY: secrets.auditSigningKey,
    EMBEDDED_POSTGRES_PORT: String(values.EMBEDDED_POSTGRES_PORT),
    EMBEDDED_S3_PORT: String(values.EMBEDDED_S3_PORT),
    EMBEDDED_SMTP_PORT: String(values.EMBEDDED_SMTP_PORT),
    EMBEDDED_MAILBOX_PORT: String(values.EMBEDDED_MAILBOX_PORT),
  };
  if (embedded.postgres) {
    Object.assign(standIns, standInDatabaseUrls(values.EMBEDDED_POSTGRES_PORT, secrets));
  }
  if (embedded.objectStore) {
    const endpoint = `http://127.0.0.1:${values.EMBEDDED_S3_PORT}`;
    Object.assign(standIns, {
      STORAGE_ENDPOINT: endpoint,
      STORAGE_PUBLIC_ENDPOINT: endpoint,
      STORAGE_REGION: environmentSchema.shape.STORAGE_REGION.parse(undefined),
      STORAGE_ADMIN_ACCESS_KEY: secrets.storageAdminAccessKey,
      STORAGE_ADMIN_SECRET_KEY: secrets.storageAdminSecretKey,
    });
  } else {
    standIns.STORAGE_PUBLIC_ENDPOINT = values.STORAGE_ENDPOINT;
  }
  if (embedded.mailbox) {
    standIns.SMTP_URL = `smtp://127.0.0.1:${values.EMBEDDED_SMTP_PORT}`;
    standIns.MAIL_FROM = "Balde <balde@localhost>";
  }
  const given = Object.entries(variables).filter(([, value]) => value !== undefined && value !== "");
  return { ...standIns, ...Object.fromEntries(given), DATA_DIR: values.DATA_DIR };
}
