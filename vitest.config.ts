import { defineConfig } from "vitest/config";

/** Files whose tests may use the console's database: each gets a database of its own, before it is loaded. */
const withDatabase = { setupFiles: ["tests/support/setup-database.ts"] };

export default defineConfig({
  test: {
    // One throwaway PostgreSQL for the whole run; the files of all projects share it.
    globalSetup: ["tests/support/global-setup.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Most tests wait for a database or another process: one worker less than cores would leave a core idle.
    maxWorkers: "100%",
    projects: [
      { test: { name: "embedded", include: ["embedded/**/*.test.ts", "scripts/**/*.test.ts"] } },
      { test: { name: "unit", include: ["app/**/*.test.ts", "app/**/*.test.tsx"], ...withDatabase } },
      {
        test: { name: "routes", include: ["tests/*.test.ts", "tests/routes/**/*.test.ts"], ...withDatabase },
      },
      { test: { name: "contract", include: ["tests/contract/**/*.test.ts"], ...withDatabase } },
      {
        test: {
          name: "clients",
          include: ["tests/clients/**/*.test.ts"],
          ...withDatabase,
          // Programs that take a second to start, and bodies of megabytes.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "faults",
          include: ["tests/faults/**/*.test.ts"],
          ...withDatabase,
          // They kill processes and wait for recovery: alone, and last.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
        },
      },
    ],
  },
});
