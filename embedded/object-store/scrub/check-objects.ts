import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import type { Pool } from "pg";
import { blobFile } from "../blobs.ts";
import type { Damage, Note } from "./scrub.ts";

const ROWS_AT_ONCE = 500;

/** A file that a row refers to. Versions come before parts; `cursor` is where the next page goes on. */
type Referred = {
  bucket: string;
  key: string;
  version: string;
  part: number | null;
  blob_id: string;
  size_bytes: number;
  md5: string;
};

/**
 * Reads every file that a row refers to, and compares it with the row.
 *
 * @param quarantine where damaged files go; null leaves them
 */
export async function checkObjects(
  database: Pool,
  directory: string,
  quarantine: string | null,
  note: Note,
): Promise<void> {
  for await (const referred of referredFiles(database)) {
    const file = blobFile(directory, referred.blob_id);
    const problem = await findProblem(file, referred);
    note.checked(referred.size_bytes);
    // Overwritten or deleted since its row was read: then it is nobody's any more.
    if (!problem || !(await isReferredTo(database, referred.blob_id))) continue;
    const damage: Damage = {
      bucket: referred.bucket,
      key: referred.key,
      version: referred.version,
      ...(referred.part === null ? {} : { part: referred.part }),
      blobId: referred.blob_id,
      problem,
    };
    if (quarantine !== null && problem !== "missing") {
      const target = path.join(quarantine, referred.blob_id);
      await mkdir(quarantine, { recursive: true, mode: 0o700 });
      await rename(file, target);
      damage.quarantinedAs = target;
    }
    note.damaged(damage);
  }
}

async function findProblem(file: string, { size_bytes, md5 }: Referred): Promise<Damage["problem"] | null> {
  const hash = createHash("md5");
  let sizeBytes = 0;
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
      hash.update(piece);
      sizeBytes += piece.length;
    }
  } catch (error) {
    // Anything else than a missing file is the disk's own report of damage, such as EIO.
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? "missing" : "unreadable";
  }
  if (sizeBytes !== size_bytes) return "size";
  return hash.digest("hex") === md5 ? null : "checksum";
}

async function* referredFiles(database: Pool): AsyncGenerator<Referred> {
  for (let after = 0; ; ) {
    const { rows } = await database.query<Referred & { id: number }>(VERSIONS, [after, ROWS_AT_ONCE]);
    yield* rows;
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
  for (let after: [string, number] = ["00000000-0000-0000-0000-000000000000", 0]; ; ) {
    const { rows } = await database.query<Referred & { upload_id: string; part: number }>(PARTS, [
      ...after,
      ROWS_AT_ONCE,
    ]);
    yield* rows;
    const last = rows.at(-1);
    if (!last) break;
    after = [last.upload_id, last.part];
  }
}

const VERSIONS = `
  select o.id, concat_ws('/', nullif(b.tenant, ''), b.name) as bucket, o.key,
    coalesce(o.version_id::text, 'null') as version, null as part, o.blob_id, o.size_bytes, o.etag as md5
  from s3.object_versions o join s3.buckets b on b.id = o.bucket_id
  where o.blob_id is not null and o.id > $1
  order by o.id limit $2`;

/** Of unfinished uploads too, which have no version yet. */
const PARTS = `
  select p.upload_id, concat_ws('/', nullif(b.tenant, ''), b.name) as bucket, u.key,
    coalesce(o.version_id::text, case when o.id is null then 'upload ' || u.id else 'null' end) as version,
    p.number as part, p.blob_id, p.size_bytes, p.etag as md5
  from s3.parts p
  join s3.uploads u on u.id = p.upload_id
  join s3.buckets b on b.id = u.bucket_id
  left join s3.object_versions o on o.upload_id = u.id
  where p.blob_id is not null and (p.upload_id, p.number) > ($1, $2)
  order by p.upload_id, p.number limit $3`;

async function isReferredTo(database: Pool, blobId: string): Promise<boolean> {
  const { rows } = await database.query(
    `select exists (select from s3.object_versions where blob_id = $1)
         or exists (select from s3.parts where blob_id = $1) as referred`,
    [blobId],
  );
  return rows[0].referred;
}
