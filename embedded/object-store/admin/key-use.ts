import type { Store } from "../store.ts";
import type { AdminParameters } from "./parameters.ts";

/**
 * GET /admin/user?key-use&tenant (here only): when each access key of a tenant's users last signed a request that was
 * believed, whatever came of it; null for one that never did. None for a tenant that is not there.
 */
export async function getKeyUse(store: Store, parameters: AdminParameters): Promise<unknown> {
  const tenant = parameters.required("tenant");
  // What is noted and not yet written belongs into the answer.
  await store.keyUse.flush({ all: true });
  const { rows } = await store.database.query<{ uid: string; id: string; at: Date | null }>(
    `select u.uid, k.access_key_id as id, k.last_used_at as at
     from s3.users u join s3.access_keys k on k.user_id = u.id
     where u.tenant = $1 order by u.uid, k.access_key_id`,
    [tenant],
  );
  return rows.map(({ uid, id, at }) => ({ user: uid, access_key: id, last_used: at?.toISOString() ?? null }));
}
