import { S3Error } from "../errors.ts";
import type { Store } from "../store.ts";
import { findUser } from "./find-user.ts";
import type { AdminParameters } from "./parameters.ts";
import { quotaJson } from "./replies.ts";

/** GET /admin/user?quota&uid&quota-type=user|bucket; without a type both. */
export async function getQuota(store: Store, parameters: AdminParameters): Promise<unknown> {
  const user = await findUser(store.database, parameters);
  const { rows } = await store.database.query("select * from s3.users where id = $1", [user.id]);
  const row = rows[0];
  const quotas = {
    bucket_quota: quotaJson(
      row.bucket_quota_enabled,
      row.bucket_quota_max_bytes,
      row.bucket_quota_max_objects,
    ),
    user_quota: quotaJson(row.quota_enabled, row.quota_max_bytes, row.quota_max_objects),
  };
  const type = parameters.text("quota-type");
  if (type === undefined) return quotas;
  return readQuotaType(type) === "user" ? quotas.user_quota : quotas.bucket_quota;
}

/**
 * PUT /admin/user?quota&uid&quota-type: `user` limits all buckets of the user together, `bucket` each one that has no
 * enabled quota of its own. What is not given stays as it is; max-size-kb comes before max-size.
 */
export async function setUserQuota(store: Store, parameters: AdminParameters): Promise<undefined> {
  const user = await findUser(store.database, parameters);
  const prefix = readQuotaType(parameters.required("quota-type")) === "user" ? "quota" : "bucket_quota";
  await store.database.query(
    `update s3.users set ${prefix}_enabled = coalesce($2, ${prefix}_enabled),
       ${prefix}_max_bytes = coalesce($3, ${prefix}_max_bytes),
       ${prefix}_max_objects = coalesce($4, ${prefix}_max_objects)
     where id = $1`,
    [user.id, ...readQuota(parameters)],
  );
}

/** PUT /admin/bucket?quota&uid&bucket: the bucket's name without its tenant, which the uid gives. */
export async function setBucketQuota(store: Store, parameters: AdminParameters): Promise<undefined> {
  const user = await findUser(store.database, parameters);
  const { rowCount } = await store.database.query(
    `update s3.buckets set quota_enabled = coalesce($3, quota_enabled),
       quota_max_bytes = coalesce($4, quota_max_bytes),
       quota_max_objects = coalesce($5, quota_max_objects)
     where owner_id = $1 and name = $2`,
    [user.id, parameters.required("bucket"), ...readQuota(parameters)],
  );
  if (rowCount === 0) throw new S3Error("NoSuchBucket");
}

function readQuota(parameters: AdminParameters): [boolean | null, number | null, number | null] {
  const kilobytes = parameters.integer("max-size-kb");
  const bytes =
    kilobytes === undefined ? parameters.integer("max-size") : kilobytes < 0 ? -1 : kilobytes * 1024;
  return [parameters.flag("enabled") ?? null, bytes ?? null, parameters.integer("max-objects") ?? null];
}

function readQuotaType(type: string): "user" | "bucket" {
  if (type !== "user" && type !== "bucket")
    throw new S3Error("InvalidArgument", "quota-type must be user or bucket.");
  return type;
}
