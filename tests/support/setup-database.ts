// Runs before each test file is loaded: gives the file a database of its own, and the application's
// settings, which app/ports/env.server.ts reads when it is first imported.
import { randomBytes } from "node:crypto";
import { afterAll, inject } from "vitest";
import { closeOwnerPool } from "./database.ts";
import { createTestDatabase } from "./postgres.ts";

const database = await createTestDatabase(inject("postgres"), { template: "balde_template" });

Object.assign(process.env, {
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
});

// Registered first, so it runs after every hook of the file itself.
afterAll(async () => {
  await closeOwnerPool();
  await database.drop();
});
