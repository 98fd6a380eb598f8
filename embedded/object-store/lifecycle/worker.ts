import type { Pool } from "pg";
import type { Logger } from "pino";
import type { BlobStore } from "../blobs.ts";
import { removeBlobs } from "../collector.ts";
import { actionsAt, type LifecycleActions } from "./actions.ts";
import { DAY_MS } from "./age.ts";
import type { Lifecycle } from "./rules.ts";
import { addCounts, type LifecycleCounts, noCounts, type Place, type StepSize, walk } from "./walk.ts";

const PAUSE_MS = 10 * 60_000;
const PLACE_SAVED_EVERY_MS = 1000;
const STEP_SIZE: StepSize = { seen: 2000, deleted: 500 };

/**
 * Applies lifecycle rules: walks through each bucket that has any, once a day, since ages are rounded up to midnight
 * UTC. A walk goes in steps of one commit each, which judge and delete under the locks that writers take, so that
 * what is deleted is what was judged. It may be ended at any point, kill -9 included, and goes on from there.
 */
export type LifecycleWorker = {
  /** How long to wait from the end of one applyDue to the next. */
  pauseMs: number;
  /** Walks through the buckets that have not been walked through since midnight UTC, or since their rules changed. */
  applyDue(): Promise<void>;
  /** Walks through all buckets now, or as if it were another time. */
  applyAll(now?: Date): Promise<LifecycleCounts>;
  /** Ends what is under way after its next step. */
  stop(): void;
};

type Deps = { database: Pool; blobs: BlobStore; logger: Logger };

type Options = {
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** The length of the rules' days, shorter for tests: then their ages are not rounded up. */
  dayMs?: number;
  stepSize?: StepSize;
};

export function createLifecycleWorker(
  { database, blobs, logger }: Deps,
  { clock = Date.now, dayMs = DAY_MS, stepSize = STEP_SIZE }: Options = {},
): LifecycleWorker {
  let stopped = false;
  let running: Promise<unknown> = Promise.resolve();

  /** One after the other. */
  function enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = running.then(work, work);
    running = result;
    return result;
  }

  async function applyDue(): Promise<void> {
    const now = new Date(clock());
    const dayBegan = dayMs === DAY_MS ? new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS) : now;
    for await (const bucket of bucketsWithRules(database, dayBegan)) {
      if (stopped) return;
      await walkOn(bucket, now).catch((err: unknown) => {
        logger.error({ bucket: bucket.name, tenant: bucket.tenant, err }, "lifecycle failed");
      });
    }
  }

  /** Begins a walk, or goes on with one that was interrupted, at the time that it took for the present. */
  async function walkOn(bucket: BucketWithRules, now: Date): Promise<void> {
    const pass = bucket.interrupted ?? { now, place: null };
    const actions = actionsAt(bucket.lifecycle, pass.now, dayMs);
    if (actions.versions.length + actions.uploads.length === 0) return;
    await database.query(BEGIN_PASS, [bucket.id, pass.now, pass.place?.key, pass.place?.id]);
    let savedAt = performance.now();
    const { finished } = await apply(bucket, actions, pass, async (place) => {
      if (!stopped && performance.now() - savedAt < PLACE_SAVED_EVERY_MS) return;
      await database.query(SAVE_PLACE, [bucket.id, place.key, place.id]);
      savedAt = performance.now();
    });
    if (finished) await database.query(FINISH_PASS, [bucket.id]);
  }

  async function applyAll(now = new Date(clock())): Promise<LifecycleCounts> {
    const total = noCounts();
    for await (const bucket of bucketsWithRules(database, null)) {
      if (stopped) break;
      const actions = actionsAt(bucket.lifecycle, now, dayMs);
      const { counts } = await apply(bucket, actions, { now, place: null }, async () => {});
      addCounts(total, counts);
    }
    return total;
  }

  /** @param onPlace told how far the walk has come, after every step */
  async function apply(
    bucket: BucketWithRules,
    actions: LifecycleActions,
    pass: Pass,
    onPlace: (place: Place) => Promise<void>,
  ): Promise<{ finished: boolean; counts: LifecycleCounts }> {
    const { id: bucketId, name, tenant, lifecycleText } = bucket;
    const startedAt = performance.now();
    const counts = noCounts();
    let finished = false;
    const { now, place: start } = pass;
    for await (const step of walk(database, {
      bucketId,
      lifecycleText,
      actions,
      now,
      start,
      size: stepSize,
    })) {
      addCounts(counts, step.counts);
      await removeBlobs({ blobs, logger }, step.unusedBlobs);
      if (step.place) await onPlace(step.place);
      finished = step.finished;
      if (stopped) break;
    }
    if (Object.values(counts).some((count) => count > 0)) {
      const ms = Math.round(performance.now() - startedAt);
      logger.info({ bucket: name, tenant, ...counts, ms }, "lifecycle applied");
    }
    return { finished, counts };
  }

  return {
    pauseMs: Math.min(PAUSE_MS, dayMs / 10),
    applyDue: () => enqueue(applyDue),
    applyAll: (now) => enqueue(() => applyAll(now)),
    stop() {
      stopped = true;
    },
  };
}

type Pass = { now: Date; place: Place | null };

type BucketWithRules = {
  id: number;
  tenant: string;
  name: string;
  lifecycle: Lifecycle;
  /** The same, letter by letter as the database has it. */
  lifecycleText: string;
  interrupted: Pass | null;
};

/**
 * The buckets that have rules, one by one.
 *
 * @param dayBegan leaves out those that were walked through since then; null for none
 */
async function* bucketsWithRules(database: Pool, dayBegan: Date | null): AsyncGenerator<BucketWithRules> {
  for (let after = 0; ; ) {
    const { rows } = await database.query(NEXT_BUCKET, [after, dayBegan]);
    const row = rows[0];
    if (!row) return;
    after = row.id;
    const place = row.after_key === null ? null : { key: row.after_key, id: row.after_id };
    yield {
      id: row.id,
      tenant: row.tenant,
      name: row.name,
      lifecycle: JSON.parse(row.lifecycle),
      lifecycleText: row.lifecycle,
      interrupted: row.finished === false ? { now: row.now, place } : null,
    };
  }
}

const NEXT_BUCKET = `
  select b.id, b.tenant, b.name, b.lifecycle::text as lifecycle, p.now, p.after_key, p.after_id, p.finished
  from s3.buckets b left join s3.lifecycle_passes p on p.bucket_id = b.id
  where b.lifecycle is not null and b.id > $1
    and ($2::timestamptz is null or p.now is null or p.now < $2 or not p.finished)
  order by b.id limit 1`;

const BEGIN_PASS = `
  insert into s3.lifecycle_passes (bucket_id, now, after_key, after_id) values ($1, $2, $3, $4)
  on conflict (bucket_id) do update
    set now = excluded.now, after_key = excluded.after_key, after_id = excluded.after_id, finished = false`;

const SAVE_PLACE = "update s3.lifecycle_passes set after_key = $2, after_id = $3 where bucket_id = $1";
const FINISH_PASS = "update s3.lifecycle_passes set finished = true where bucket_id = $1";
