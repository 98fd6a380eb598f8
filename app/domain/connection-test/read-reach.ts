import { db, type Transaction } from "#app/ports/db.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";

/** More than anybody chooses from. */
const atMost = 200;

/** The active buckets that a key is for, by name, at most 200. None for a key that is not the account's. */
export async function readReach(
  tx: Pick<Transaction, "bucket">,
  accountId: string,
  keyId: string,
): Promise<{ id: string; name: string }[]> {
  return tx.bucket.findMany({
    where: {
      accountId,
      state: "active",
      deletedAt: null,
      OR: [
        { accessKeys: { some: { accessKeyId: keyId } } },
        { account: { accessKeys: { some: { id: keyId, allBuckets: true } } } },
      ],
    },
    orderBy: { name: "asc" },
    take: atMost,
    select: { id: true, name: true },
  });
}

/** The buckets that a key's connection test may look into. */
export async function listTestBuckets(context: Context, keyId: string) {
  return readReach(db, authorizeInAccount(context, "access-keys:test"), keyId);
}
