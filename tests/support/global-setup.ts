import type { TestProject } from "vitest/node";
import { createTestDatabase, migrate, startTestPostgres } from "./postgres.ts";

/** The database that every test file's own is copied from: migrated once per run. */
export const TEMPLATE_DATABASE = "balde_template";

/** Starts the run's PostgreSQL and prepares the template database; returns what ends it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres();
  try {
    const template = await createTestDatabase(postgres, { name: TEMPLATE_DATABASE });
    await migrate(template);
    project.provide("postgres", { superuserUrl: postgres.superuserUrl, password: postgres.password });
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return () => postgres.stop();
}
