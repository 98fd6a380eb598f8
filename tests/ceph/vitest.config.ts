import { defineConfig } from "vitest/config";

/** `npm run test:ceph`: apart from `npm test`, since it needs a running gateway. */
export default defineConfig({
  test: { include: ["tests/ceph/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
});
