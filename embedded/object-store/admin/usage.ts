import { S3Error } from "../errors.ts";
import type { Store } from "../store.ts";
import type { AdminParameters } from "./parameters.ts";

type Counts = { bytes_sent: number; bytes_received: number; ops: number; successful_ops: number };
type Row = Counts & { owner: string; bucket: string; hour: Date; payer: string; category: string };

/**
 * GET /admin/usage?uid&start&end&show-entries&show-summary: start inclusive, end exclusive, both UTC and optional.
 *
 * Entries are by owner, bucket, hour and, as at the gateway where that is not the owner, `payer`. Here the payer is
 * the user that acted, so that the owner's own traffic (the console's) can be told from that of access keys.
 */
export async function getUsage(store: Store, parameters: AdminParameters): Promise<unknown> {
  // What is counted and not yet written belongs into the answer.
  await store.usage.flush();
  const { rows } = await store.database.query<Row>(
    `select * from s3.usage
     where ($1::text is null or owner = $1)
       and ($2::timestamptz is null or hour >= $2) and ($3::timestamptz is null or hour < $3)
     order by owner, bucket, hour, payer, category`,
    [parameters.text("uid") ?? null, readTime(parameters, "start"), readTime(parameters, "end")],
  );
  const owners = Map.groupBy(rows, ({ owner }) => owner);
  return {
    ...((parameters.flag("show-entries") ?? true) ? { entries: [...owners].map(entriesJson) } : {}),
    ...((parameters.flag("show-summary") ?? true) ? { summary: [...owners].map(summaryJson) } : {}),
  };
}

function entriesJson([user, rows]: [string, Row[]]): unknown {
  const groups = Map.groupBy(rows, ({ bucket, hour, payer }) => JSON.stringify([bucket, hour, payer]));
  const buckets = [...groups.values()].map((group) => {
    const { bucket, hour, payer } = group[0] as Row;
    return {
      bucket,
      time: hour.toISOString().replace(".000Z", ".000000Z"),
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
