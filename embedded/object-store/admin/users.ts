import type { PoolClient } from "pg";
import { sqlState, transaction } from "../database.ts";
import { S3Error } from "../errors.ts";
import { removeBucket } from "../operations/buckets/remove-bucket.ts";
import { removeObjects } from "../operations/objects/remove-objects.ts";
import type { Store } from "../store.ts";
import { insertKey, newAccessKeyId, newSecretAccessKey, readExpiry } from "./access-key.ts";
import { findUser, parseUid, qualifiedUid } from "./find-user.ts";
import type { AdminParameters } from "./parameters.ts";
import { userJson } from "./replies.ts";

const DEFAULT_MAX_BUCKETS = 1000;
const LIST_MAX_ENTRIES = 1000;
const PURGED_AT_ONCE = 1000;

/** PUT /admin/user?uid&display-name: makes a key as well, unless generate-key=false. */
export async function createUser(store: Store, parameters: AdminParameters): Promise<unknown> {
  const { tenant, name } = parseUid(qualifiedUid(parameters));
  const values = [
    tenant,
    name,
    parameters.required("display-name"),
    parameters.text("email") ?? "",
    parameters.flag("suspended") ?? false,
    parameters.integer("max-buckets") ?? DEFAULT_MAX_BUCKETS,
  ];
  return transaction(store.database, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `insert into s3.users (tenant, name, display_name, email, suspended, max_buckets)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id`,
      values,
    );
    if (!rows[0]) throw new S3Error("UserAlreadyExists");
    await insertGivenKey(client, rows[0].id, parameters, parameters.flag("generate-key") ?? true);
    return userJson(client, rows[0].id);
  });
}

/** GET /admin/user?uid or ?access-key. The answer holds secrets. */
export async function getUser(store: Store, parameters: AdminParameters): Promise<unknown> {
  const accessKey = parameters.text("access-key");
  if (accessKey === undefined)
    return userJson(store.database, (await findUser(store.database, parameters)).id);
  const { rows } = await store.database.query<{ user_id: number }>(
    "select user_id from s3.access_keys where access_key_id = $1",
    [accessKey],
  );
  if (!rows[0]) throw new S3Error("NoSuchUser");
  return userJson(store.database, rows[0].user_id);
}

/** GET /admin/user?list&max-entries&marker: uids in order. The marker is the last one of the page before. */
export async function listUsers(store: Store, parameters: AdminParameters): Promise<unknown> {
  const limit = Math.min(
    Math.max(parameters.integer("max-entries") ?? LIST_MAX_ENTRIES, 1),
    LIST_MAX_ENTRIES,
  );
  const { rows } = await store.database.query<{ uid: string }>(
    "select uid from s3.users where uid > $1 order by uid limit $2",
    [parameters.text("marker") ?? "", limit + 1],
  );
  const keys = rows.slice(0, limit).map(({ uid }) => uid);
  const truncated = rows.length > limit;
  return { keys, truncated, count: keys.length, ...(truncated ? { marker: keys.at(-1) } : {}) };
}

/** POST /admin/user?uid: what is not given stays as it is. */
export async function modifyUser(store: Store, parameters: AdminParameters): Promise<unknown> {
  const user = await findUser(store.database, parameters);
  const values = [
    user.id,
    parameters.text("display-name") ?? null,
    parameters.text("email") ?? null,
    parameters.flag("suspended") ?? null,
    parameters.integer("max-buckets") ?? null,
  ];
  return transaction(store.database, async (client) => {
    await client.query(
      `update s3.users set display_name = coalesce($2, display_name), email = coalesce($3, email),
         suspended = coalesce($4, suspended), max_buckets = coalesce($5, max_buckets)
       where id = $1`,
      values,
    );
    await insertGivenKey(client, user.id, parameters, parameters.flag("generate-key") ?? false);
    return userJson(client, user.id);
  });
}

/**
 * DELETE /admin/user?uid: with its keys and policies; with purge-data=true its buckets and their objects too.
 *
 * @throws S3Error BucketAlreadyExists, which is what the gateway says of a user that still owns buckets
 */
export async function removeUser(store: Store, parameters: AdminParameters): Promise<undefined> {
  const user = await findUser(store.database, parameters);
  if (user.is_admin) throw new S3Error("InvalidArgument", "The administrator cannot be removed.");
  if (parameters.flag("purge-data")) await purgeBuckets(store, user.id);
  try {
    await store.database.query("delete from s3.users where id = $1", [user.id]);
  } catch (error) {
    if (sqlState(error) === "23503" || sqlState(error) === "23001") throw new S3Error("BucketAlreadyExists");
    throw error;
  }
}

/**
 * Removes all buckets of a user with what is in them, some at a time: a bucket may hold millions of objects. If it is
 * cut short, the same call goes on from there.
 */
async function purgeBuckets(store: Store, userId: number): Promise<void> {
  await store.database.query("update s3.users set suspended = true where id = $1", [userId]);
  const { rows: buckets } = await store.database.query<{ id: number; name: string }>(
    "select id, name from s3.buckets where owner_id = $1",
    [userId],
  );
  for (const bucket of buckets) {
    for (;;) {
      const { rows } = await store.database.query<{ key: string; version: string }>(
        `select key, coalesce(version_id::text, 'null') as version
         from s3.object_versions where bucket_id = $1 order by key, id desc limit $2`,
        [bucket.id, PURGED_AT_ONCE],
      );
      if (rows.length === 0) break;
      await removeObjects(
        store,
        bucket,
        rows.map(({ key, version }) => ({ key, versionId: version })),
      );
    }
    await removeBucket(store, bucket.id);
  }
}

async function insertGivenKey(
  client: PoolClient,
  userId: number,
  parameters: AdminParameters,
  generate: boolean,
): Promise<void> {
  const accessKeyId = parameters.text("access-key");
  const secretAccessKey = parameters.text("secret-key");
  if (accessKeyId || secretAccessKey || generate) {
    await insertKey(
      client,
      userId,
      accessKeyId || newAccessKeyId(),
      secretAccessKey || newSecretAccessKey(),
      readExpiry(parameters),
    );
  }
}
