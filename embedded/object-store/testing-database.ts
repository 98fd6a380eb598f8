import type { Pool } from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { createTestDatabase, type TestDatabase } from "#tests/support/postgres.ts";
import { createPool, migrate } from "./database.ts";

/** Gives the tests of a file, or of one `describe`, a database with the store's tables; `pool` is there once they run. */
export function withTables(): { readonly pool: Pool } {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase(inject("postgres"), { owner: "balde_s3" });
    await migrate(database.urlFor("balde_s3"));
    pool = createPool(database.urlFor("balde_s3"), () => {});
  });

  afterAll(async () => {
    await pool?.end();
    await database?.drop();
  });

  return {
    get pool() {
      return pool;
    },
  };
}
