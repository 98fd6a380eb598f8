import type { Pool } from "pg";

/** A key that is used all the time is written down once in so long. */
const STEP_MS = 60_000;

/**
 * When access keys were last used. Noted in memory, and written out beside requests: no request waits for it, and
 * kill -9 loses at most a minute.
 */
export type KeyUse = {
  note(accessKeyId: string): void;
  /**
   * Writes out what is due: keys that were not written for a minute.
   *
   * @param options `all`: the others too, for an answer that is to be right
   */
  flush(options?: { all?: boolean }): Promise<void>;
};

export function createKeyUse(database: Pool, clock: () => number = Date.now): KeyUse {
  /** Of keys that were used since they were last written. */
  const used = new Map<string, number>();
  const written = new Map<string, number>();
  let flushing: Promise<void> = Promise.resolve();

  async function writeOut(all: boolean): Promise<void> {
    const now = clock();
    for (const [id, at] of written) if (now - at >= STEP_MS) written.delete(id);
    const due = [...used].filter(([id]) => all || !written.has(id));
    if (due.length === 0) return;
    // The later of two counts, so that a statement whose answer was lost may be sent again.
    await database.query(
      `update s3.access_keys k set last_used_at = noted.at
       from unnest($1::text[], $2::timestamptz[]) as noted (id, at)
       where k.access_key_id = noted.id and (k.last_used_at is null or k.last_used_at < noted.at)`,
      [due.map(([id]) => id), due.map(([, at]) => new Date(at))],
    );
    for (const [id, at] of due) {
      written.set(id, now);
      // Unless it was used again meanwhile.
      if (used.get(id) === at) used.delete(id);
    }
  }

  return {
    note: (accessKeyId) => void used.set(accessKeyId, clock()),
    flush({ all = false } = {}) {
      const write = () => writeOut(all);
      flushing = flushing.then(write, write);
      return flushing;
    },
  };
}
