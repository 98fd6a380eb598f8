import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Pool } from "pg";
import { selectOrphans } from "../collector.ts";

/** Younger ones may belong to an upload that is about to commit. The collector's patience. */
const GRACE_MS = 10 * 60_000;

export type UnreferencedFile = { file: string; sizeBytes: number };

/** Finds the files that no row refers to: the collector's next work, or what somebody else has put there. */
export async function checkFiles(database: Pool, directory: string): Promise<UnreferencedFile[]> {
  const found: UnreferencedFile[] = [];
  const blobs = path.join(directory, "blobs");
  for (const shard of await readdir(blobs)) {
    const names = await readdir(path.join(blobs, shard));
    const [ids, foreign] = [names.filter(isBlobId), names.filter((name) => !isBlobId(name))];
    for (const name of [...foreign, ...(await selectOrphans(database, ids))]) {
      const file = path.join(blobs, shard, name);
      // Gone since: removed by the store.
      const stats = await stat(file).catch(() => null);
      if (stats && stats.mtimeMs < Date.now() - GRACE_MS) found.push({ file, sizeBytes: stats.size });
    }
  }
  return found;
}

const isBlobId = (name: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);
