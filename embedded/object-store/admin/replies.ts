import type { Queryable } from "../database.ts";
import { S3Error } from "../errors.ts";

/** A user as the gateway shows it. */
export async function userJson(database: Queryable, userId: number): Promise<unknown> {
  const { rows } = await database.query("select * from s3.users where id = $1", [userId]);
  const user = rows[0];
  if (!user) throw new S3Error("NoSuchUser");
  return {
    tenant: user.tenant,
    user_id: user.name,
    display_name: user.display_name,
    email: user.email,
    suspended: user.suspended ? 1 : 0,
    max_buckets: user.max_buckets,
    subusers: [],
    keys: await keysJson(database, userId),
    swift_keys: [],
    caps: [],
    op_mask: "read, write, delete",
    default_placement: "",
    default_storage_class: "",
    placement_tags: [],
    bucket_quota: quotaJson(
      user.bucket_quota_enabled,
      user.bucket_quota_max_bytes,
      user.bucket_quota_max_objects,
    ),
    user_quota: quotaJson(user.quota_enabled, user.quota_max_bytes, user.quota_max_objects),
    temp_url_keys: [],
    type: "rgw",
    mfa_ids: [],
  };
}

/** All keys of a user, sorted, as the gateway shows them; beside that when each expires, if it does. */
export async function keysJson(database: Queryable, userId: number): Promise<unknown> {
  const { rows } = await database.query(
    `select u.uid as user, k.access_key_id as access_key, k.secret_access_key as secret_key, k.expires_at
     from s3.access_keys k join s3.users u on u.id = k.user_id
     where k.user_id = $1 order by k.access_key_id`,
    [userId],
  );
  return rows.map(({ expires_at, ...key }) => (expires_at ? { ...key, expires_at } : key));
}

/** A quota as the gateway shows it. Below zero is no limit. */
export function quotaJson(enabled: boolean, maxBytes: number, maxObjects: number) {
  return {
    enabled,
    check_on_raw: false,
    max_size: maxBytes,
    max_size_kb: maxBytes < 0 ? 0 : Math.ceil(maxBytes / 1024),
    max_objects: maxObjects,
  };
}
