// Runs before each test file is loaded: gives the file a database of its own, and the application's
// settings, which app/ports/env.server.ts reads when it is first imported.
import { afterAll, inject } from "vitest";
import { closeOwnerPool } from "./database.ts";
import { testEnvironment } from "./environment.ts";
import { createTestDatabase } from "./postgres.ts";

const database = await createTestDatabase(inject("postgres"), { template: "balde_template" });

Object.assign(process.env, testEnvironment(database));

// Registered first, so it runs after every hook of the file itself.
afterAll(async () => {
  await closeOwnerPool();
  await database.drop();
});
