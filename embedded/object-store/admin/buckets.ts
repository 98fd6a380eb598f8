import { S3Error } from "../errors.ts";
import type { Store } from "../store.ts";
import { parseUid, qualifiedUid } from "./find-user.ts";
import type { AdminParameters } from "./parameters.ts";
import { quotaJson } from "./replies.ts";

/**
 * GET /admin/bucket: `uid` for the buckets of one user, `bucket` (`tenant/name`, or `name` without a tenant) for one;
 * with stats=true what each holds, otherwise names.
 */
export async function getBuckets(store: Store, parameters: AdminParameters): Promise<unknown> {
  const bucket = parameters.text("bucket");
  if (bucket) return getBucket(store, parameters, bucket);
  // A user that does not exist owns no buckets: the gateway answers an empty list here, not NoSuchUser.
  const { rows } = await store.database.query(
    `${SELECT} where $1::text is null or u.uid = $1 order by b.tenant, b.name`,
    [parameters.has("uid") ? qualifiedUid(parameters) : null],
  );
  return parameters.flag("stats") ? rows.map(bucketJson) : rows.map(({ name }) => name);
}

async function getBucket(store: Store, parameters: AdminParameters, bucket: string): Promise<unknown> {
  const slash = bucket.indexOf("/");
  const uidTenant = parameters.has("uid") ? parseUid(parameters.required("uid")).tenant : "";
  const tenant = slash < 0 ? uidTenant : bucket.slice(0, slash);
  const { rows } = await store.database.query(`${SELECT} where b.tenant = $1 and b.name = $2`, [
    tenant,
    bucket.slice(slash + 1),
  ]);
  if (!rows[0]) throw new S3Error("NoSuchBucket");
  return bucketJson(rows[0]);
}

/** A bucket's size is its counter and its settled space entries, read in one statement. */
const SELECT = `
  select b.id, b.tenant, b.name, b.created_at, u.uid,
    b.quota_enabled, b.quota_max_bytes, b.quota_max_objects,
    b.size_bytes + coalesce(e.size_bytes, 0)::bigint as size_bytes,
    b.object_count + coalesce(e.object_count, 0)::bigint as object_count
  from s3.buckets b
  join s3.users u on u.id = b.owner_id
  left join lateral (
    select sum(size_bytes) as size_bytes, sum(object_count) as object_count
    from s3.space_entries where bucket_id = b.id and not reserved
  ) e on true`;

// biome-ignore lint/suspicious/noExplicitAny: a row of SELECT
function bucketJson(row: any): unknown {
  const usage = {
    size: row.size_bytes,
    size_actual: row.size_bytes,
    size_utilized: row.size_bytes,
    size_kb: Math.ceil(row.size_bytes / 1024),
    size_kb_actual: Math.ceil(row.size_bytes / 1024),
    size_kb_utilized: Math.ceil(row.size_bytes / 1024),
    num_objects: row.object_count,
  };
  return {
    bucket: row.name,
    tenant: row.tenant,
    num_shards: 1,
    id: String(row.id),
    marker: String(row.id),
    owner: row.uid,
    creation_time: row.created_at.toISOString(),
    // An empty bucket has no entry at the gateway.
    usage: row.object_count === 0 && row.size_bytes === 0 ? {} : { "rgw.main": usage },
    bucket_quota: quotaJson(row.quota_enabled, row.quota_max_bytes, row.quota_max_objects),
  };
}
