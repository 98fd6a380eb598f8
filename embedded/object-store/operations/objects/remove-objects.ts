import { removeBlobs } from "../../collector.ts";
import type { Store } from "../../store.ts";
import { type Deletion, type DeletionOutcome, deleteVersions } from "../../versions.ts";

/** Deletes objects or versions, and their files once that is committed. See deleteVersions. */
export async function removeObjects(
  store: Store,
  bucket: { id: number; name: string },
  deletions: Deletion[],
): Promise<DeletionOutcome[]> {
  const { outcomes, unusedBlobs } = await deleteVersions(store.database, bucket, deletions);
  await removeBlobs(store, unusedBlobs);
  return outcomes;
}
