// Compares everything the embedded object store holds with what was stored, beside the running store:
// npm run embedded:scrub [-- --dry-run]
// Exits with 1 where it found damage, and with 2 where it could not look.
import { join } from "node:path";
import { createPool } from "#embedded/object-store/database.ts";
import { type Damage, type ScrubReport, scrub } from "#embedded/object-store/scrub/scrub.ts";
import { enterRepository } from "./launcher/enter-repository.ts";
import { readSettings } from "./launcher/settings.ts";
import { loadStandInSecrets } from "./launcher/stand-in-secrets.ts";

const PROGRESS_MS = 10_000;
const NAMED_FILES = 20;

enterRepository();
const dryRun = process.argv.includes("--dry-run");
const startedAt = performance.now();
let toldAt = startedAt;

try {
  const report = await run();
  tell(report);
  process.exit(report.damage.length > 0 ? 1 : 0);
} catch (error) {
  console.error(`embedded:scrub: ${error instanceof Error ? error.message || error.name : String(error)}`);
  console.error("It needs the store's database: start Balde first (npm start).");
  process.exit(2);
}

async function run(): Promise<ScrubReport> {
  const { environment } = readSettings(process.env, loadStandInSecrets);
  const databaseUrl = environment.EMBEDDED_S3_DATABASE_URL;
  if (!databaseUrl)
    throw new Error("There is no embedded object store here: STORAGE_ENDPOINT names another.");
  const database = createPool(databaseUrl, () => {});
  try {
    return await scrub({
      database,
      directory: join(environment.DATA_DIR ?? ".data", "objects"),
      dryRun,
      onDamage: (damage) => console.log(describeDamage(damage)),
      onProgress(bodies, sizeBytes) {
        if (performance.now() - toldAt < PROGRESS_MS) return;
        toldAt = performance.now();
        console.error(`… ${bodies} bodies, ${megabytes(sizeBytes)}`);
      },
    });
  } finally {
    await database.end();
  }
}

function describeDamage({ bucket, key, version, part, blobId, problem, quarantinedAs }: Damage): string {
  // As JSON: a key may hold line breaks.
  const where = `${bucket} ${JSON.stringify(key)}, version ${version}${part === undefined ? "" : `, part ${part}`}`;
  const what = {
    missing: `its file ${blobId} is missing`,
    size: `its file ${blobId} has another size`,
    checksum: blobId ? `its file ${blobId} has another MD5` : "its body in the database has another MD5",
    unreadable: `its file ${blobId} cannot be read`,
  }[problem];
  return `damaged: ${where}: ${what}${quarantinedAs ? `; moved to ${quarantinedAs}` : ""}`;
}

function tell({ bodies, sizeBytes, damage, unreferenced, counters }: ScrubReport): void {
  for (const { file, sizeBytes: size } of unreferenced.slice(0, NAMED_FILES)) {
    console.log(`no row refers to ${file} (${megabytes(size)})`);
  }
  if (unreferenced.length > NAMED_FILES)
    console.log(`… and to ${unreferenced.length - NAMED_FILES} more files`);
  for (const { bucket, counter, counted, real } of counters) {
    console.log(`counter of ${bucket}: ${counter} is ${counted}, and should be ${real}`);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${bodies} bodies, ${megabytes(sizeBytes)}, in ${seconds} s: ${damage.length} damaged, ` +
      `${unreferenced.length} files without a row, ${counters.length} wrong counters`,
  );
}

function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}
