import { S3Error } from "../errors.ts";
import type { Store } from "../store.ts";
import type { AdminParameters } from "./parameters.ts";

type Counts = { bytes_sent: number; bytes_received: number; ops: number; successful_ops: number };
type Row = Counts & { owner: string; bucket: string; hour: Date; payer: string; category: string };

/**
 * GET /admin/usage?uid&start&end&show-entries&show-summary: start inclusive, end exclusive, both UTC and optional. With
 * show-storage=true also what each bucket held at the start of each hour, which the gateway does not keep.
 *
 * Entries are by owner, bucket, hour and, as at the gateway where that is not the owner, `payer`. Here the payer is
 * the user that acted, so that the owner's own traffic (the console's) can be told from that of access keys.
 */
export async function getUsage(store: Store, parameters: AdminParameters): Promise<unknown> {
  // What is counted and not yet written belongs into the answer.
  await store.usage.flush();
  const range = readRange(parameters);
  const { rows } = await store.database.query<Row>(
    `select * from s3.usage where ${IN_RANGE} order by owner, bucket, hour, payer, category`,
    range,
  );
  const owners = Map.groupBy(rows, ({ owner }) => owner);
  return {
    ...((parameters.flag("show-entries") ?? true) ? { entries: [...owners].map(entriesJson) } : {}),
    ...((parameters.flag("show-summary") ?? true) ? { summary: [...owners].map(summaryJson) } : {}),
    ...(parameters.flag("show-storage") ? { storage: await getStorage(store, range) } : {}),
  };
}

/**
 * DELETE /admin/usage?uid&start&end: forgets what was counted in a range of hours. Without a user, as at the gateway,
 * only with remove-all=true.
 */
export async function trimUsage(store: Store, parameters: AdminParameters): Promise<undefined> {
  if (!parameters.text("uid") && !parameters.flag("remove-all")) {
    throw new S3Error("InvalidArgument", "Without uid, remove-all=true is needed.");
  }
  await store.usage.flush();
  for (const table of ["s3.usage", "s3.storage_hours"]) {
    await store.database.query(`delete from ${table} where ${IN_RANGE}`, readRange(parameters));
  }
}

type Range = [owner: string | null, start: Date | null, end: Date | null];

const IN_RANGE = `($1::text is null or owner = $1)
  and ($2::timestamptz is null or hour >= $2) and ($3::timestamptz is null or hour < $3)`;

function readRange(parameters: AdminParameters): Range {
  return [parameters.text("uid") ?? null, readTime(parameters, "start"), readTime(parameters, "end")];
}

async function getStorage(store: Store, range: Range): Promise<unknown> {
  const { rows } = await store.database.query(
    `select * from s3.storage_hours where ${IN_RANGE} order by owner, bucket, hour`,
    range,
  );
  return rows.map((row) => ({
    user: row.owner,
    bucket: row.bucket,
    time: timeText(row.hour),
    epoch: row.hour.getTime() / 1000,
    current: { size: row.current_bytes, num_objects: row.current_count },
    noncurrent: { size: row.noncurrent_bytes, num_objects: row.noncurrent_count },
    uploads: { size: row.upload_bytes, num_parts: row.upload_part_count },
    num_delete_markers: row.delete_marker_count,
  }));
}

function entriesJson([user, rows]: [string, Row[]]): unknown {
  const groups = Map.groupBy(rows, ({ bucket, hour, payer }) => JSON.stringify([bucket, hour, payer]));
  const buckets = [...groups.values()].map((group) => {
    const { bucket, hour, payer } = group[0] as Row;
    return {
      bucket,
      time: timeText(hour),
      epoch: hour.getTime() / 1000,
      owner: user,
      ...(payer === "" ? {} : { payer }),
      categories: group.map((row) => ({ category: row.category, ...counts([row]) })),
    };
  });
  return { user, buckets };
}

function summaryJson([user, rows]: [string, Row[]]): unknown {
  const categories = Map.groupBy(rows, ({ category }) => category);
  return {
    user,
    categories: [...categories].map(([category, group]) => ({ category, ...counts(group) })),
    total: counts(rows),
  };
}

function counts(rows: Row[]): Counts {
  const sum = (name: keyof Counts) => rows.reduce((total, row) => total + row[name], 0);
  return {
    bytes_sent: sum("bytes_sent"),
    bytes_received: sum("bytes_received"),
    ops: sum("ops"),
    successful_ops: sum("successful_ops"),
  };
}

/** As the gateway writes it. */
const timeText = (time: Date) => time.toISOString().replace(".000Z", ".000000Z");

/** `2026-01-31` or `2026-01-31 20:00:00`, in UTC. */
function readTime(parameters: AdminParameters, name: string): Date | null {
  const value = parameters.text(name);
  if (!value) return null;
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.\d+)?Z?)?$/.exec(value);
  const time = new Date(match ? `${match[1]}T${match[2] ?? "00:00:00"}Z` : Number.NaN);
  if (Number.isNaN(time.getTime()))
    throw new S3Error("InvalidArgument", `${name} must be YYYY-MM-DD HH:MM:SS.`);
  return time;
}
