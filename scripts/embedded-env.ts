// Prints the embedded object store's endpoint and admin credentials as shell assignments:
// eval "$(npm run -s embedded:env)"
import { enterRepository } from "./launcher/enter-repository.ts";
import { readSettings } from "./launcher/settings.ts";
import { loadStandInSecrets } from "./launcher/stand-in-secrets.ts";

enterRepository();
const { environment } = readSettings(process.env, loadStandInSecrets);
for (const name of [
  "STORAGE_ENDPOINT",
  "STORAGE_REGION",
  "STORAGE_ADMIN_ACCESS_KEY",
  "STORAGE_ADMIN_SECRET_KEY",
]) {
  console.log(`export ${name}='${environment[name]?.replaceAll("'", "'\\''")}'`);
}
