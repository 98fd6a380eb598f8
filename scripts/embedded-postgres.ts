// Runs the embedded PostgreSQL alone, for work on migrations: `npm run embedded:postgres` prints the
// connection strings as shell assignments and stays in the foreground until Ctrl-C.
import { parseEnvironment } from "#app/ports/environment.ts";
import { enterRepository } from "./launcher/enter-repository.ts";
import { launcherSchema } from "./launcher/settings.ts";
import { standInDatabaseUrls, startStandInPostgres } from "./launcher/stand-in-postgres.ts";
import { loadStandInSecrets } from "./launcher/stand-in-secrets.ts";

enterRepository();
const { DATA_DIR: dataDir, EMBEDDED_POSTGRES_PORT: port } = parseEnvironment(launcherSchema, process.env);
const secrets = loadStandInSecrets(dataDir);

const server = await startStandInPostgres(dataDir, port, secrets);
for (const [name, url] of Object.entries(standInDatabaseUrls(port, secrets))) {
  console.log(`export ${name}='${url}'`);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.stop());
await server.exited;
