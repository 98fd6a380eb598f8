import { defineConfig } from "vitest/config";

/** `npm run test:acceptance`: volume and fuzzing at length, which `npm test` has no time for. */
export default defineConfig({
  test: {
    include: ["tests/acceptance/**/*.test.ts"],
    globalSetup: ["tests/support/global-setup.ts"],
    setupFiles: ["tests/support/setup-database.ts"],
    // One after the other: they measure.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ["verbose"],
    // The figures that they print stand between the tests' names.
    disableConsoleIntercept: true,
  },
});
