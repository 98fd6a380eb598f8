// Prints the embedded object store's endpoint and admin credentials as shell assignments:
// eval "$(npm run -s embedded:env)"
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSettings } from "./launcher/settings.ts";
import { loadStandInSecrets } from "./launcher/stand-in-secrets.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
if (existsSync(".env")) process.loadEnvFile(".env");

const { environment } = readSettings(process.env, loadStandInSecrets);
for (const name of [
  "STORAGE_ENDPOINT",
  "STORAGE_REGION",
  "STORAGE_ADMIN_ACCESS_KEY",
  "STORAGE_ADMIN_SECRET_KEY",
]) {
  console.log(`export ${name}='${environment[name]?.replaceAll("'", "'\\''")}'`);
}
