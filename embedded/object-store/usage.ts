import { randomUUID } from "node:crypto";
import type { Pool } from "pg";

const HOUR_MS = 3_600_000;

/** One request, as usage counts it. */
export type UsageEvent = {
  /** uid of the bucket's owner; of the caller where no bucket is involved. */
  owner: string;
  /** `""` for ListBuckets, `"-"` for a bucket that does not exist. */
  bucket: string;
  /** uid of the caller where that is not the owner, otherwise `""`. */
  payer: string;
  /** The Ceph Object Gateway's name for the operation, such as `put_obj`. */
  category: string;
  successful: boolean;
  bytesSent: number;
  bytesReceived: number;
};

/**
 * Counts requests and traffic by owner, bucket, hour and category: in memory, written out every few seconds.
 */
export type UsageLog = {
  record(event: UsageEvent): void;
  /** Writes out what was counted. Calls at once wait for each other. */
  flush(): Promise<void>;
};

type Counter = Omit<UsageEvent, "successful"> & { hour: Date; ops: number; successfulOps: number };
type Batch = { id: string; counters: Counter[] };

export function createUsageLog(database: Pool, clock: () => number = Date.now): UsageLog {
  let counting = new Map<string, Counter>();
  // The batch whose outcome is not known yet. It is sent again, under the same id, before any other.
  let pending: Batch | null = null;
  let flushing: Promise<void> = Promise.resolve();

  function record(event: UsageEvent): void {
    const hour = Math.floor(clock() / HOUR_MS) * HOUR_MS;
    const name = JSON.stringify([hour, event.owner, event.bucket, event.payer, event.category]);
    let counter = counting.get(name);
    if (!counter) {
      const { owner, bucket, payer, category } = event;
      counter = { owner, bucket, payer, category, hour: new Date(hour), ...ZERO };
      counting.set(name, counter);
    }
    counter.ops += 1;
    counter.successfulOps += event.successful ? 1 : 0;
    counter.bytesSent += event.bytesSent;
    counter.bytesReceived += event.bytesReceived;
  }

  async function writeOut(): Promise<void> {
    if (pending) await send(pending);
    pending = null;
    if (counting.size === 0) return;
    pending = { id: randomUUID(), counters: [...counting.values()] };
    counting = new Map();
    await send(pending);
    pending = null;
  }

  async function send({ id, counters }: Batch): Promise<void> {
    const column = <K extends keyof Counter>(name: K) => counters.map((counter) => counter[name]);
    await database.query(UPSERT, [
      id,
      column("owner"),
      column("bucket"),
      column("hour"),
      column("payer"),
      column("category"),
      column("ops"),
      column("successfulOps"),
      column("bytesSent"),
      column("bytesReceived"),
    ]);
  }

  function flush(): Promise<void> {
    flushing = flushing.then(writeOut, writeOut);
    return flushing;
  }

  return { record, flush };
}

const ZERO = { ops: 0, successfulOps: 0, bytesSent: 0, bytesReceived: 0 };

/**
 * One statement, so the batch's id and its counts are written together or not at all: sending a batch again after
 * its answer was lost changes nothing.
 */
const UPSERT = `
  with fresh as (
    update s3.usage_flushes set last_flush_id = $1 where last_flush_id <> $1 returning 1
  )
  insert into s3.usage as u
    (owner, bucket, hour, payer, category, ops, successful_ops, bytes_sent, bytes_received)
  select counted.*
  from fresh, unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[],
    $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]) as counted
  on conflict (owner, hour, bucket, payer, category) do update set
    ops = u.ops + excluded.ops,
    successful_ops = u.successful_ops + excluded.successful_ops,
    bytes_sent = u.bytes_sent + excluded.bytes_sent,
    bytes_received = u.bytes_received + excluded.bytes_received`;
