import type { Pool } from "pg";
import type { BlobStore } from "./blobs.ts";
import type { Store } from "./store.ts";

/**
 * Removes blobs that no row refers to: of uploads that were cut off between file and row, and of deletions whose
 * last step was lost.
 *
 * @param graceMs how old a file must be. Far longer than a statement may run, so that the row of a finished file is
 *   either there or will never come.
 * @returns how many were removed
 */
export async function collectOrphans(database: Pool, blobs: BlobStore, graceMs: number): Promise<number> {
  let removed = 0;
  for await (const ids of blobs.listOlderThan(new Date(Date.now() - graceMs))) {
    const orphans = await selectOrphans(database, ids);
    for (const id of orphans) await blobs.remove(id);
    removed += orphans.length;
  }
  return removed;
}

/** Those of these blobs that no row refers to. */
export async function selectOrphans(database: Pool, ids: string[]): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select candidate.id from unnest($1::uuid[]) as candidate (id)
     where not exists (select from s3.object_versions o where o.blob_id = candidate.id)
       and not exists (select from s3.parts p where p.blob_id = candidate.id)`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

/**
 * Removes blobs whose rows are gone. The deletion is done whether or not this works: what stays is an orphan.
 */
export async function removeBlobs(
  { blobs, logger }: Pick<Store, "blobs" | "logger">,
  ids: string[],
): Promise<void> {
  for (const id of ids) {
    await blobs.remove(id).catch((err: unknown) => logger.warn({ err }, "a file was left to the collector"));
  }
}
