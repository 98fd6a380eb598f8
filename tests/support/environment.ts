import { randomBytes } from "node:crypto";
import type { TestDatabase } from "./postgres.ts";

/** The application's settings on a test database, with no engine and no mail server behind them. */
export function testEnvironment(database: TestDatabase): Record<string, string> {
  return {
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    DATABASE_URL: database.urlFor("balde_app"),
    DATABASE_POOL_SIZE: "5",
    MIGRATION_DATABASE_URL: database.urlFor("balde_owner"),
    PUBLIC_URL: "http://localhost:3000",
    // Port 9 is "discard": a test that reaches the engine or the mail server sets its own first.
    STORAGE_ENDPOINT: "http://127.0.0.1:9",
    STORAGE_PUBLIC_ENDPOINT: "http://127.0.0.1:9",
    STORAGE_REGION: "us-east-1",
    STORAGE_ADMIN_ACCESS_KEY: "TESTADMINACCESSKEY00",
    STORAGE_ADMIN_SECRET_KEY: "test-admin-secret-key",
    SMTP_URL: "smtp://127.0.0.1:9",
    MAIL_FROM: "Balde <balde@example.test>",
    SESSION_SECRETS: randomBytes(32).toString("base64url"),
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString("base64")}`,
    AUDIT_SIGNING_KEY: `test:${randomBytes(32).toString("base64")}`,
  };
}
