import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { environmentSchema } from "#app/ports/environment.ts";
import { launcherSchema, readSettings } from "./settings.ts";
import type { StandInSecrets } from "./stand-in-secrets.ts";

const key = `k1:${Buffer.alloc(32, 1).toString("base64")}`;
const secrets = (): StandInSecrets => ({
  postgresPassword: "p",
  ownerPassword: "o",
  appPassword: "a",
  s3Password: "s",
  storageAdminAccessKey: "ADMIN",
  storageAdminSecretKey: "admin-secret",
  sessionSecret: "x".repeat(43),
  encryptionKey: key,
  auditSigningKey: key,
});

const database = {
  DATABASE_URL: "postgresql://app:x@db.test/balde",
  MIGRATION_DATABASE_URL: "postgresql://owner:x@db.test/balde",
};
const ownSecrets = { SESSION_SECRETS: "y".repeat(32), ENCRYPTION_KEYS: key, AUDIT_SIGNING_KEY: key };

it("brings everything along when nothing is set", () => {
  const { embedded, environment } = readSettings({}, secrets);
  expect(embedded).toEqual({ postgres: true, objectStore: true, mailbox: true });
  expect(environment).toMatchObject({
    NODE_ENV: "production",
    PORT: "3000",
    PUBLIC_URL: "http://localhost:3000",
    DATA_DIR: resolve(".data"),
    DATABASE_URL: "postgresql://balde_app:a@127.0.0.1:54320/balde",
    MIGRATION_DATABASE_URL: "postgresql://balde_owner:o@127.0.0.1:54320/balde",
    EMBEDDED_S3_DATABASE_URL: "postgresql://balde_s3:s@127.0.0.1:54320/balde_s3",
    STORAGE_ENDPOINT: "http://127.0.0.1:9000",
    STORAGE_ADMIN_ACCESS_KEY: "ADMIN",
    SMTP_URL: "smtp://127.0.0.1:1025",
  });
});

it("starts no stand-in for what is given", () => {
  const given = {
    ...database,
    ...ownSecrets,
    STORAGE_ENDPOINT: "https://rgw.test",
    STORAGE_ADMIN_ACCESS_KEY: "AK",
    STORAGE_ADMIN_SECRET_KEY: "SK",
    SMTP_URL: "smtps://mail.test:465",
    MAIL_FROM: "Balde <no-reply@mail.test>",
  };
  const { embedded, environment } = readSettings(given, secrets);
  expect(embedded).toEqual({ postgres: false, objectStore: false, mailbox: false });
  expect(environment).toMatchObject({ ...given, STORAGE_PUBLIC_ENDPOINT: "https://rgw.test" });
  expect(environment.EMBEDDED_S3_DATABASE_URL).toBeUndefined();
});

it("keeps the embedded PostgreSQL for the embedded object store alone", () => {
  const { embedded, environment } = readSettings({ ...database, ...ownSecrets }, secrets);
  expect(embedded).toMatchObject({ postgres: true, objectStore: true });
  expect(environment.DATABASE_URL).toBe(database.DATABASE_URL);
  expect(environment.EMBEDDED_S3_DATABASE_URL).toContain("balde_s3");
});

it.each([
  ["PORT", { PORT: "80000" }, "PORT must be a port number"],
  ["EMBEDDED_S3_PORT", { EMBEDDED_S3_PORT: "nine" }, "EMBEDDED_S3_PORT must be a port number"],
  ["PUBLIC_URL", { PUBLIC_URL: "https://a.test/path" }, "PUBLIC_URL must hold no path"],
  ["LOG_LEVEL", { LOG_LEVEL: "loud" }, "LOG_LEVEL must be one of fatal, error"],
  ["NODE_ENV", { NODE_ENV: "prod" }, "NODE_ENV must be production, development or test"],
  ["TRUST_PROXY", { TRUST_PROXY: "true" }, "TRUST_PROXY must name the proxies"],
  ["DATABASE_URL", { DATABASE_URL: "mysql://x" }, "DATABASE_URL must be a PostgreSQL URL"],
  ["SMTP_URL", { SMTP_URL: "mail.test" }, "SMTP_URL must be an SMTP URL"],
  ["SESSION_SECRETS", { SESSION_SECRETS: "short" }, "SESSION_SECRETS must hold secrets of at least 32"],
  [
    "ENCRYPTION_KEYS",
    { ENCRYPTION_KEYS: "k1:AAAA" },
    "ENCRYPTION_KEYS must be keys as id:base64 of exactly 32",
  ],
  ["ENCRYPTION_KEYS", { ENCRYPTION_KEYS: `${key},${key}` }, "ENCRYPTION_KEYS must give each key an id"],
  ["MIGRATION_DATABASE_URL", { DATABASE_URL: database.DATABASE_URL }, "MIGRATION_DATABASE_URL must be set"],
  ["DATABASE_URL", { MIGRATION_DATABASE_URL: database.MIGRATION_DATABASE_URL }, "DATABASE_URL must be set"],
  [
    "EMBEDDED_S3_DATABASE_URL",
    { ...database, ...ownSecrets, EMBEDDED_S3_DATABASE_URL: "postgresql://s3:x@db.test:5432/balde" },
    "EMBEDDED_S3_DATABASE_URL must be a database of its own",
  ],
  [
    "STORAGE_ADMIN_SECRET_KEY",
    { STORAGE_ENDPOINT: "https://rgw.test" },
    "STORAGE_ADMIN_SECRET_KEY must be set",
  ],
  ["MAIL_FROM", { SMTP_URL: "smtp://mail.test" }, "MAIL_FROM must be set"],
  ["ENCRYPTION_KEYS", database, "ENCRYPTION_KEYS must be set when the database is not the embedded one"],
])("names %s and what it should be", (_name, variables: NodeJS.ProcessEnv, message) => {
  expect(() => readSettings(variables, secrets)).toThrow(message);
});

it("never repeats a bad value, which may be a secret", () => {
  expect(() => readSettings({ SESSION_SECRETS: "hunter2" }, secrets)).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining("hunter2") }),
  );
});

it("makes up no secrets beside an external database, save in development", () => {
  expect(() => readSettings(database, secrets)).toThrow("SESSION_SECRETS");
  expect(readSettings({ ...database, NODE_ENV: "development" }, secrets).environment.SESSION_SECRETS).toBe(
    "x".repeat(43),
  );
});

it("reads empty variables as not set, and lists newest first", () => {
  const { environment } = readSettings({ PORT: "", SMTP_URL: "" }, secrets);
  expect(environment).toMatchObject({ PORT: "3000", SMTP_URL: "smtp://127.0.0.1:1025" });
  const two = `k2:${Buffer.alloc(32, 2).toString("base64")}, ${key}`;
  expect(environmentSchema.shape.ENCRYPTION_KEYS.parse(two).map(({ id }) => id)).toEqual(["k2", "k1"]);
});

it("is documented: .env.example names every variable, and none that does nothing", async () => {
  const example = await readFile(".env.example", "utf8");
  const documented = [...example.matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)]
    .map(([, name]) => name)
    // Their names depend on the providers': sign-in-providers.test.ts reads them.
    .filter((name) => !name?.startsWith("SIGN_IN_"));
  const read = new Set([...Object.keys(environmentSchema.shape), ...Object.keys(launcherSchema.shape)]);
  // The object store reads this one itself; the launcher passes it on.
  read.add("EMBEDDED_S3_HOST");
  expect(documented.toSorted()).toEqual([...read].toSorted());
});
