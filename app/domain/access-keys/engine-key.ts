import { db } from "#app/ports/db.server.ts";
import type { AccessKeyGrant } from "#app/ports/storage/driver.ts";

/** The key's user within the account's tenant at the engine; never reused, since ids are not. */
export function engineUser(id: string): string {
  return `key${id.replaceAll("-", "")}`;
}

/** What a key may do, as it stands in the database now. Null where there is no such key. */
export async function readGrant(accountId: string, id: string): Promise<AccessKeyGrant | null> {
  const key = await db.accessKey.findFirst({
    where: { id, accountId },
    select: {
      permission: true,
      allBuckets: true,
      // A deleted bucket's name may come back as another bucket, which this key was not made for.
      buckets: {
        where: { bucket: { deletedAt: null } },
        select: { bucket: { select: { name: true } } },
      },
    },
  });
  if (!key) return null;
  const names = key.buckets.map(({ bucket }) => bucket.name).sort();
  return { user: engineUser(id), permission: key.permission, buckets: key.allBuckets ? "all" : names };
}
