// Starts an installation on an empty data directory: what playwright.config.ts runs before the tests.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { stopRunning } from "#embedded/postgres/server.ts";

const dataDir = process.env.DATA_DIR;
if (!dataDir) throw new Error("DATA_DIR must be set: its contents are removed first");
// A test run that was killed leaves its database server behind.
await stopRunning(join(dataDir, "postgres"));
await rm(dataDir, { recursive: true, force: true });

await import("../../scripts/start.ts");
