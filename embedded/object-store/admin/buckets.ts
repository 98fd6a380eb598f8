import { S3Error } from "../errors.ts";
import { SPACE } from "../space.ts";
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

const SELECT = `
  select b.id, b.tenant, b.name, b.created_at, u.uid,
    b.quota_enabled, b.quota_max_bytes, b.quota_max_objects, ${SPACE.columns}
  from s3.buckets b
  join s3.users u on u.id = b.owner_id
  ${SPACE.join}`;

/**
 * What a bucket holds, by the gateway's categories: all versions and delete markers under `rgw.main`, the parts of
 * unfinished uploads under `rgw.multimeta`. The gateway does not tell older versions from current ones;
 * `balde.noncurrent` does, and is part of `rgw.main`. A category that is empty is left out, as at the gateway.
 */
// biome-ignore lint/suspicious/noExplicitAny: a row of SELECT
function usageJson(row: any): Record<string, unknown> {
  const categories = {
    "rgw.main": [
      row.current_bytes + row.noncurrent_bytes,
      row.current_count + row.noncurrent_count + row.delete_marker_count,
    ],
    "rgw.multimeta": [row.upload_bytes, row.upload_part_count],
    "balde.noncurrent": [row.noncurrent_bytes, row.noncurrent_count],
    "balde.delete_markers": [0, row.delete_marker_count],
  };
  return Object.fromEntries(
    Object.entries(categories)
      .filter(([, [sizeBytes, count]]) => sizeBytes !== 0 || count !== 0)
      .map(([category, [sizeBytes, count]]) => [category, sizeJson(sizeBytes, count)]),
  );
}

function sizeJson(sizeBytes: number, count: number): unknown {
  return {
    size: sizeBytes,
    size_actual: sizeBytes,
    size_utilized: sizeBytes,
    size_kb: Math.ceil(sizeBytes / 1024),
    size_kb_actual: Math.ceil(sizeBytes / 1024),
    size_kb_utilized: Math.ceil(sizeBytes / 1024),
    num_objects: count,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a row of SELECT
function bucketJson(row: any): unknown {
  return {
    bucket: row.name,
    tenant: row.tenant,
    num_shards: 1,
    id: String(row.id),
    marker: String(row.id),
    owner: row.uid,
    creation_time: row.created_at.toISOString(),
    usage: usageJson(row),
    bucket_quota: quotaJson(row.quota_enabled, row.quota_max_bytes, row.quota_max_objects),
  };
}
