import type { Pool } from "pg";
import { firstTextAfterAll } from "../key-order.ts";
import { commonPrefix, type LifecycleActions } from "./actions.ts";

/** What lifecycle rules did. */
export type LifecycleCounts = {
  /** Objects that were deleted, or hidden by a delete marker where the bucket keeps versions. */
  currentExpired: number;
  noncurrentRemoved: number;
  deleteMarkersRemoved: number;
  uploadsAborted: number;
};

/** The last version that a walk has looked at. */
export type Place = { key: string; id: number };

/** How many versions a step looks at, and how many of them it deletes at most: the key of each is a lock. */
export type StepSize = { seen: number; deleted: number };

/** What was done and is committed, with the files that nothing refers to any more. */
export type Step = { counts: LifecycleCounts; unusedBlobs: string[]; place: Place | null; finished: boolean };

type Walk = {
  bucketId: number;
  /** The rules as the database has them: once it has others, the walk ends, unfinished. */
  lifecycleText: string;
  actions: LifecycleActions;
  now: Date;
  start: Place | null;
  size: StepSize;
};

/** An upload may have 10,000 parts. */
const UPLOADS_AT_ONCE = 10;

/** Does what a bucket's rules ask for: to its uploads, then to its versions. The next step begins when it is asked for. */
export async function* walk(database: Pool, walk: Walk): AsyncGenerator<Step> {
  const { uploads, versions } = walk.actions;
  if (uploads.length > 0) {
    for await (const step of abortUploads(database, walk)) {
      if (step === "rules changed") return;
      yield { ...step, finished: step.finished && versions.length === 0 };
    }
  }
  if (versions.length > 0) yield* expireVersions(database, walk);
}

async function* abortUploads(
  database: Pool,
  { bucketId, lifecycleText, actions }: Walk,
): AsyncGenerator<Step | "rules changed"> {
  for (let finished = false; !finished; ) {
    const { rows } = await database.query(
      "select rules_changed, aborted, unused_blobs from s3.abort_due_uploads($1, $2, $3, $4)",
      [bucketId, lifecycleText, JSON.stringify(actions.uploads), UPLOADS_AT_ONCE],
    );
    const { rules_changed, aborted, unused_blobs } = rows[0];
    if (rules_changed) return yield "rules changed";
    finished = aborted === 0;
    yield {
      counts: { ...noCounts(), uploadsAborted: aborted },
      unusedBlobs: unused_blobs,
      place: null,
      finished,
    };
  }
}

async function* expireVersions(
  database: Pool,
  { bucketId, lifecycleText, actions: { versions }, now, start, size }: Walk,
): AsyncGenerator<Step> {
  const prefix = commonPrefix(versions.map((action) => action.prefix));
  for (let place = start, finished = false; !finished; ) {
    const { rows } = await database.query(
      "select * from s3.expire_versions($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      [
        bucketId,
        lifecycleText,
        JSON.stringify(versions),
        now,
        prefix,
        firstTextAfterAll(prefix),
        place?.key,
        place?.id,
        size.seen,
        size.deleted,
      ],
    );
    const row = rows[0];
    if (row.rules_changed) return;
    finished = row.last_key === null;
    if (!finished) place = { key: row.last_key, id: row.last_id };
    const counts = {
      currentExpired: row.current_expired,
      noncurrentRemoved: row.noncurrent_removed,
      deleteMarkersRemoved: row.markers_removed,
      uploadsAborted: 0,
    };
    yield { counts, unusedBlobs: row.unused_blobs, place, finished };
  }
}

export const noCounts = (): LifecycleCounts => ({
  currentExpired: 0,
  noncurrentRemoved: 0,
  deleteMarkersRemoved: 0,
  uploadsAborted: 0,
});

/** Adds `counts` to `total`. */
export function addCounts(total: LifecycleCounts, counts: LifecycleCounts): void {
  total.currentExpired += counts.currentExpired;
  total.noncurrentRemoved += counts.noncurrentRemoved;
  total.deleteMarkersRemoved += counts.deleteMarkersRemoved;
  total.uploadsAborted += counts.uploadsAborted;
}
