// Builds what the processes run on and is not there yet, or older than its sources: `npm run build`.
import { fileURLToPath } from "node:url";
import { buildWhatIsStale } from "./launcher/build.ts";
import { say } from "./launcher/output.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await buildWhatIsStale({ development: false, say });
