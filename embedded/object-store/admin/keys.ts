import { S3Error } from "../errors.ts";
import type { Store } from "../store.ts";
import { insertKey, newAccessKeyId, newSecretAccessKey, readExpiry } from "./access-key.ts";
import { findUser } from "./find-user.ts";
import type { AdminParameters } from "./parameters.ts";
import { keysJson } from "./replies.ts";

/**
 * PUT /admin/user?key&uid: with access-key and secret-key the given pair, otherwise a generated one; with expires-at
 * (see readExpiry) until then. Answers all keys of the user, sorted, so that a caller who wants to know its own sends
 * its own.
 */
export async function createKey(store: Store, parameters: AdminParameters): Promise<unknown> {
  const user = await findUser(store.database, parameters);
  const accessKeyId = parameters.text("access-key") || newAccessKeyId();
  const secretAccessKey = parameters.text("secret-key") || newSecretAccessKey();
  await insertKey(store.database, user.id, accessKeyId, secretAccessKey, readExpiry(parameters));
  return keysJson(store.database, user.id);
}

/**
 * DELETE /admin/user?key&access-key.
 *
 * @throws S3Error InvalidAccessKeyId where there is no such key, or it is another user's than the uid that is given
 */
export async function removeKey(store: Store, parameters: AdminParameters): Promise<undefined> {
  const accessKeyId = parameters.required("access-key");
  const user = parameters.has("uid") ? await findUser(store.database, parameters) : null;
  const { rowCount } = await store.database.query(
    `delete from s3.access_keys k using s3.users u
     where k.access_key_id = $1 and u.id = k.user_id and not u.is_admin and ($2::bigint is null or u.id = $2)`,
    [accessKeyId, user?.id ?? null],
  );
  if (rowCount === 0) throw new S3Error("InvalidAccessKeyId");
}
