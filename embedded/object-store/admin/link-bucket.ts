import { S3Error } from "../errors.ts";
import type { Store } from "../store.ts";
import { findUser, parseUid } from "./find-user.ts";
import type { AdminParameters } from "./parameters.ts";

/**
 * PUT /admin/bucket?bucket&uid: makes a user of the bucket's own tenant its owner; quotas and usage count to that user
 * from then on. `bucket` may be `tenant/name` or the name alone; `bucket-id`, where given, must be the bucket's.
 *
 * @throws S3Error NoSuchUser, NoSuchBucket
 */
export async function linkBucket(store: Store, parameters: AdminParameters): Promise<undefined> {
  const user = await findUser(store.database, parameters);
  const { tenant } = parseUid(user.uid);
  const bucket = parameters.required("bucket");
  const name = bucket.startsWith(`${tenant}/`) ? bucket.slice(tenant.length + 1) : bucket;
  const { rowCount } = await store.database.query(
    `update s3.buckets set owner_id = $1
     where tenant = $2 and name = $3 and ($4::text is null or id::text = $4)`,
    [user.id, tenant, name, parameters.text("bucket-id") ?? null],
  );
  if (rowCount === 0) throw new S3Error("NoSuchBucket");
}
