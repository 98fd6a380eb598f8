import type { Pool } from "pg";
import { SPACE, SPACE_COLUMNS } from "./space.ts";

const HOUR_MS = 3_600_000;
/** A clock that was set wrong must not cost a row per bucket for every hour of its error. */
const MAX_HOURS = 31 * 24;

/**
 * Notes what each bucket holds, once in every hour. Repeating it in the same hour changes nothing.
 *
 * Hours that have passed without a note get this one too: what was not running did not change anything. So it must be
 * called before the first write after a start.
 */
export async function noteStorageHours(database: Pool, now = Date.now()): Promise<void> {
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const { rows } = await database.query<{ last: Date | null }>(
    "select max(hour) as last from s3.storage_hours",
  );
  const last = rows[0]?.last?.getTime() ?? hour - HOUR_MS;
  if (last >= hour) return;
  const first = Math.max(last + HOUR_MS, hour - (MAX_HOURS - 1) * HOUR_MS);
  await database.query(NOTE, [new Date(first), new Date(hour)]);
}

/** A bucket that was made since an hour began held nothing then, and has no row for it. */
const NOTE = `
  insert into s3.storage_hours (owner, bucket, hour, ${SPACE_COLUMNS.join(", ")})
  select space.uid, space.name, hour, ${SPACE_COLUMNS.join(", ")}
  from (
    select u.uid, b.name, b.created_at, ${SPACE.columns}
    from s3.buckets b join s3.users u on u.id = b.owner_id ${SPACE.join}
  ) space
  cross join generate_series($1::timestamptz, $2::timestamptz, interval '1 hour') as hour
  where space.created_at < $2
  on conflict do nothing`;
