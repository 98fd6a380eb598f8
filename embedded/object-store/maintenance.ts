import { collectOrphans } from "./collector.ts";
import { foldSpaceEntries } from "./space.ts";
import { noteStorageHours } from "./storage-hours.ts";
import type { Store } from "./store.ts";

const USAGE_FLUSH_MS = 2_000;
const KEY_USE_FLUSH_MS = 5_000;
const FOLD_MS = 5_000;
const STORAGE_HOURS_MS = 10_000;
const COLLECT_MS = 10 * 60_000;
const ORPHAN_GRACE_MS = 10 * 60_000;

/**
 * Starts what runs beside requests: writing usage out, noting when keys were used, folding space entries, noting storage, collecting orphans,
 * applying lifecycle rules.
 *
 * @returns a function that ends it, once what was counted is written
 */
export function startMaintenance(store: Store): () => Promise<void> {
  const { database, blobs, usage, keyUse, reservations, lifecycle, logger } = store;
  const jobs = [
    repeat("usage flush", USAGE_FLUSH_MS, () => usage.flush()),
    repeat("use of keys", KEY_USE_FLUSH_MS, () => keyUse.flush()),
    repeat("fold", FOLD_MS, () => foldSpaceEntries(database)),
    repeat("storage hours", STORAGE_HOURS_MS, () => noteStorageHours(database)),
    repeat("collect", COLLECT_MS, async () => {
      await reservations.clearAbandoned();
      const removed = await collectOrphans(database, blobs, ORPHAN_GRACE_MS);
      if (removed > 0) logger.info({ removed }, "orphaned files removed");
    }),
    repeat("lifecycle", lifecycle.pauseMs, () => lifecycle.applyDue()),
  ];

  /** Runs at once and then after each pause. A failure (the database is away) is logged and tried again. */
  function repeat(job: string, pauseMs: number, work: () => Promise<void>): { stop(): Promise<void> } {
    let stopped = false;
    let timer: NodeJS.Timeout | undefined;
    let running = run();

    async function run(): Promise<void> {
      await work().catch((err: unknown) => logger.warn({ job, err }, "maintenance failed"));
      if (stopped) return;
      timer = setTimeout(() => {
        running = run();
      }, pauseMs);
    }

    return {
      async stop() {
        stopped = true;
        clearTimeout(timer);
        await running;
      },
    };
  }

  return async () => {
    lifecycle.stop();
    await Promise.all(jobs.map((job) => job.stop()));
    await usage.flush().catch((err: unknown) => logger.error({ err }, "usage of the last seconds is lost"));
    await keyUse
      .flush({ all: true })
      .catch((err: unknown) => logger.error({ err }, "the last use of keys is lost"));
  };
}
