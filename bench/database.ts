import { testEnvironment } from "#tests/support/environment.ts";
import {
  createTestDatabase,
  migrate,
  startTestPostgres,
  type TestPostgres,
} from "#tests/support/postgres.ts";

/** A throwaway database for one benchmark. Like that of the tests it does not wait for the disk at a commit. */
export interface BenchDatabase {
  /** The server, for a database beside it. */
  postgres: TestPostgres;
  superuserUrl: string;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts it, and puts the application's settings into this process's environment: modules of `app/` are imported
 * after that. @param poolSize connections of the application
 */
export async function startBenchDatabase(poolSize: number): Promise<BenchDatabase> {
  const postgres = await startTestPostgres();
  // The server is in a process group of its own: Ctrl-C would leave it behind.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void postgres.stop().finally(() => process.exit(1)));
  }
  try {
    const database = await createTestDatabase(postgres);
    await migrate(database);
    Object.assign(process.env, testEnvironment(database), { DATABASE_POOL_SIZE: String(poolSize) });
    return { postgres, superuserUrl: database.superuserUrl, stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
