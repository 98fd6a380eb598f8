import path from "node:path";
import type { Pool } from "pg";
import { type CounterFinding, checkCounters } from "./check-counters.ts";
import { checkFiles, type UnreferencedFile } from "./check-files.ts";
import { checkInlineBodies } from "./check-inline-bodies.ts";
import { checkObjects } from "./check-objects.ts";

/** A body that is not what was stored. */
export type Damage = {
  /** Where it is: `tenant/bucket`, the key, the version's id or `null`, and of a multipart upload the part. */
  bucket: string;
  key: string;
  version: string;
  part?: number;
  /** The file, or null for a body in the database. */
  blobId: string | null;
  problem: "missing" | "size" | "checksum" | "unreadable";
  /** Where the damaged file was moved to. */
  quarantinedAs?: string;
};

export type ScrubReport = {
  bodies: number;
  sizeBytes: number;
  damage: Damage[];
  unreferenced: UnreferencedFile[];
  counters: CounterFinding[];
};

export type ScrubOptions = {
  database: Pool;
  /** `$DATA_DIR/objects` */
  directory: string;
  /** Leaves damaged files where they are. */
  dryRun: boolean;
  onDamage?: (damage: Damage) => void;
  onProgress?: (bodies: number, sizeBytes: number) => void;
};

/**
 * Compares everything the store holds with what was stored: each body with its size and MD5, files with rows, rows
 * with files, counters with what they count. A damaged file goes to `quarantine/`, so that nobody is served wrong
 * bytes; a GET of its object fails from then on, and the object can be written anew or deleted.
 *
 * May run beside the store. What changes meanwhile is looked at again before it is called damaged.
 */
export async function scrub(options: ScrubOptions): Promise<ScrubReport> {
  const report: ScrubReport = { bodies: 0, sizeBytes: 0, damage: [], unreferenced: [], counters: [] };
  const note = {
    checked(sizeBytes: number) {
      report.bodies += 1;
      report.sizeBytes += sizeBytes;
      options.onProgress?.(report.bodies, report.sizeBytes);
    },
    damaged(damage: Damage) {
      report.damage.push(damage);
      options.onDamage?.(damage);
    },
  };
  const quarantine = options.dryRun ? null : path.join(options.directory, "quarantine");
  await checkObjects(options.database, options.directory, quarantine, note);
  await checkInlineBodies(options.database, note);
  report.unreferenced = await checkFiles(options.database, options.directory);
  report.counters = await checkCounters(options.database);
  return report;
}

/** What the checks tell of what they look at. */
export type Note = { checked(sizeBytes: number): void; damaged(damage: Damage): void };
