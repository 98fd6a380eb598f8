import { db } from "#app/ports/db.server.ts";
import type { AccessKeyGrant } from "#app/ports/storage/driver.ts";

/**
 * The key's user within the account's tenant at the engine; never reused, since ids are not. A key that was made
 * elsewhere keeps the user that it had there: `adopted` is that user's name.
 */
export function engineUser(id: string, adopted: string | null = null): string {
  return adopted ?? `key${id.replaceAll("-", "")}`;
}

/**
 * What a key may do, and until when, as it stands in the database now. Null where there is no such key.
 *
 * The engine is told the end as well: it refuses the key then even if no worker is there to revoke it.
 */
export async function readGrant(accountId: string, id: string): Promise<AccessKeyGrant | null> {
  const key = await db.accessKey.findFirst({
    where: { id, accountId },
    select: {
      engineUser: true,
      permission: true,
      allBuckets: true,
      expiresAt: true,
      // A deleted bucket's name may come back as another bucket, which this key was not made for.
      buckets: {
        where: { bucket: { deletedAt: null } },
        select: { bucket: { select: { name: true } } },
      },
    },
  });
  if (!key) return null;
  const names = key.buckets.map(({ bucket }) => bucket.name).sort();
  const user = engineUser(id, key.engineUser);
  const { permission, expiresAt } = key;
  return { user, permission, buckets: key.allBuckets ? "all" : names, expiresAt };
}
