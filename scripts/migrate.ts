// Brings a database up to date, as the owner role: Prisma's migrations, pg-boss's schema and queues,
// then the runtime role's rights. Safe to run again, and by two processes at once.
// MIGRATION_DATABASE_URL=… DATABASE_URL=… node scripts/migrate.ts
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { jobSchema, queueNames, queues } from "#app/ports/queues.ts";
import { checkDatabaseRoles } from "./launcher/database-roles.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

async function applyMigrations(): Promise<void> {
  const prisma = fileURLToPath(new URL("../node_modules/prisma/build/index.js", import.meta.url));
  const child = spawn(process.execPath, [prisma, "migrate", "deploy"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`prisma migrate deploy failed:\n${output}`);
}

async function createQueues(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: ownerUrl,
    schema: jobSchema,
    supervise: false,
    schedule: false,
  });
  boss.on("error", (error) => console.error(error));
  await boss.start();
  for (const name of queueNames) {
    const options = { ...queues[name], notify: true };
    await boss.createQueue(name, options);
    await boss.updateQueue(name, options);
  }
  await boss.stop({ graceful: false });
}

async function grantRuntimeRole(ownerUrl: string, runtimeRole: string): Promise<void> {
  const client = new pg.Client(ownerUrl);
  await client.connect();
  try {
    const role = client.escapeIdentifier(runtimeRole);
    const grants = await readFile(new URL("../prisma/grants.sql", import.meta.url), "utf8");
    await client.query(grants.replaceAll(":runtime", role));
  } finally {
    await client.end();
  }
}

async function main(): Promise<void> {
  const { MIGRATION_DATABASE_URL: ownerUrl, DATABASE_URL: runtimeUrl } = process.env;
  if (!ownerUrl || !runtimeUrl) {
    throw new Error(
      "MIGRATION_DATABASE_URL (the owner role) and DATABASE_URL (the runtime role) are both needed.",
    );
  }
  const runtimeRole = await checkDatabaseRoles({ ownerUrl, runtimeUrl });
  await applyMigrations();
  await createQueues(ownerUrl);
  await grantRuntimeRole(ownerUrl, runtimeRole);
}

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
