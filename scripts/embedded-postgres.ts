// Runs the embedded PostgreSQL alone, for work on migrations: `npm run embedded:postgres` prints the
// connection strings as shell assignments and stays in the foreground until Ctrl-C.
import { resolve } from "node:path";
import { standInDatabaseUrls, startStandInPostgres } from "./launcher/stand-in-postgres.ts";
import { loadStandInSecrets } from "./launcher/stand-in-secrets.ts";

const dataDir = resolve(process.env.DATA_DIR ?? ".data");
const port = Number(process.env.EMBEDDED_POSTGRES_PORT ?? 54320);
const secrets = loadStandInSecrets(dataDir);

const server = await startStandInPostgres(dataDir, port, secrets);
for (const [name, url] of Object.entries(standInDatabaseUrls(port, secrets))) {
  console.log(`export ${name}='${url}'`);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.stop());
await server.exited;
