import { db } from "#app/ports/db.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";

interface KeyReach {
  allBuckets: boolean;
  /** Of the chosen ones, by name. */
  buckets: readonly { name: string }[];
}

/**
 * The name of a bucket that a key reaches, the first by name, for settings and commands that work as they stand. Null
 * where it reaches none yet.
 */
export async function findExampleBucket(context: Context, key: KeyReach): Promise<string | null> {
  const accountId = authorizeInAccount(context, "access-keys:read");
  if (!key.allBuckets) return key.buckets[0]?.name ?? null;
  const bucket = await db.bucket.findFirst({
    where: { accountId, state: "active", deletedAt: null },
    orderBy: { name: "asc" },
    select: { name: true },
  });
  return bucket?.name ?? null;
}
