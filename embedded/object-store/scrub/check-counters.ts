import type { Pool } from "pg";
import { SPACE } from "../space.ts";

/** A bucket whose counters are not the sum of what it holds. */
export type CounterFinding = { bucket: string; counter: string; counted: number; real: number };

/**
 * Compares what each bucket's counters say with the sums over its versions and open uploads. A bucket at a time, and
 * both numbers in one statement, so that a store at work shows no difference of its own making.
 */
export async function checkCounters(database: Pool): Promise<CounterFinding[]> {
  const findings: CounterFinding[] = [];
  const { rows: buckets } = await database.query<{ id: number }>("select id from s3.buckets order by id");
  for (const { id } of buckets) {
    const { rows } = await database.query<{ bucket: string; counted: Counters; real: Counters }>(COMPARE, [
      id,
    ]);
    for (const { bucket, counted, real } of rows) {
      for (const [counter, value] of Object.entries(real)) {
        if (counted[counter] !== value) {
          findings.push({ bucket, counter, counted: counted[counter] ?? 0, real: value });
        }
      }
    }
  }
  return findings;
}

type Counters = Record<string, number>;

const COMPARE = `
  select concat_ws('/', nullif(b.tenant, ''), b.name) as bucket,
    (select to_jsonb(space) from (select ${SPACE.columns}) space) as counted,
    (select to_jsonb(sums) from (
      select
        coalesce(sum(o.size_bytes) filter (where o.noncurrent_at is null), 0) as current_bytes,
        count(*) filter (where o.noncurrent_at is null and not o.is_delete_marker) as current_count,
        coalesce(sum(o.size_bytes) filter (where o.noncurrent_at is not null), 0) as noncurrent_bytes,
        count(*) filter (where o.noncurrent_at is not null and not o.is_delete_marker) as noncurrent_count,
        count(*) filter (where o.is_delete_marker) as delete_marker_count
      from s3.object_versions o where o.bucket_id = b.id
    ) sums) || (select to_jsonb(parts) from (
      select coalesce(sum(p.size_bytes), 0) as upload_bytes, count(*) as upload_part_count
      from s3.uploads u join s3.parts p on p.upload_id = u.id
      where u.bucket_id = b.id and u.completed_at is null
    ) parts) as real
  from s3.buckets b ${SPACE.join}
  where b.id = $1`;
