import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

// The native schema engine is a download of its own; ours runs Prisma's WebAssembly build of it.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(
  new URL("./prisma/schema-engine.mjs", import.meta.url),
);

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  // The owner role's URL: the runtime role may not change the schema. Empty for `prisma generate`.
  datasource: { url: process.env.MIGRATION_DATABASE_URL ?? "" },
});
