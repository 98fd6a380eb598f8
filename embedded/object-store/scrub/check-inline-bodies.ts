import type { Pool } from "pg";
import type { Note } from "./scrub.ts";

const ROWS_AT_ONCE = 1000;

type Row = { id: number; bucket: string; key: string; version: string; size_bytes: number; damaged: boolean };

/** Compares every body that stands in its row with its size and MD5, where it is: in the database. */
export async function checkInlineBodies(database: Pool, note: Note): Promise<void> {
  for (let after = 0; ; ) {
    const { rows } = await database.query<Row>(BODIES, [after, ROWS_AT_ONCE]);
    for (const { bucket, key, version, size_bytes, damaged } of rows) {
      note.checked(size_bytes);
      if (damaged) note.damaged({ bucket, key, version, blobId: null, problem: "checksum" });
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

const BODIES = `
  select o.id, concat_ws('/', nullif(b.tenant, ''), b.name) as bucket, o.key,
    coalesce(o.version_id::text, 'null') as version, o.size_bytes,
    length(o.body) <> o.size_bytes or md5(o.body) <> o.etag as damaged
  from s3.object_versions o join s3.buckets b on b.id = o.bucket_id
  where o.body is not null and o.id > $1
  order by o.id limit $2`;
