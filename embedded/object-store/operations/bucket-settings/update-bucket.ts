import type { Queryable } from "../../database.ts";
import { noSuchBucket } from "../../errors.ts";

/** A column of a bucket's row that holds one of its settings. */
type Setting = "versioning" | "tags" | "cors" | "lifecycle";

/**
 * Writes one setting of a bucket.
 *
 * @param value null to remove it
 * @throws S3Error NoSuchBucket where the bucket was deleted meanwhile
 */
export async function updateBucket(
  database: Queryable,
  bucket: { id: number; name: string },
  setting: Setting,
  value: string | object | null,
): Promise<void> {
  // As text: pg would write a list as an array of PostgreSQL's.
  const text = typeof value === "object" && value !== null ? JSON.stringify(value) : value;
  const { rowCount } = await database.query(`update s3.buckets set ${setting} = $2 where id = $1`, [
    bucket.id,
    text,
  ]);
  if (rowCount === 0) throw noSuchBucket(bucket.name);
}
