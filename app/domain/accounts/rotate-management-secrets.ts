import { db } from "#app/ports/db.server.ts";
import { decrypt, encrypt, hasKeyFor, newestKeyId } from "#app/ports/encryption.server.ts";
import { managementSecretContext } from "./engine-tenant.ts";

export interface Rotation {
  /** Secrets encrypted anew so far. */
  rotated: number;
  /** Secrets that are not encrypted with the newest key. */
  remaining: number;
  /** Those that could not be read, and why: no such key, or the value is not the row's. */
  unreadable: { accountId: string; reason: "unknown-key" | "damaged" }[];
}

/** Rows read at once; each is written by itself. */
const batchSize = 200;

/**
 * Encrypts the accounts' management secrets anew with the newest of ENCRYPTION_KEYS, while web and worker go on. A
 * secret that somebody replaces meanwhile is left as they wrote it. Safe to stop anywhere and to run again, and
 * twice at once: what is done is not done again.
 */
export async function rotateManagementSecrets(
  onProgress: (rotation: Rotation) => void = () => {},
): Promise<Rotation> {
  const rotation: Rotation = { rotated: 0, remaining: await countRemaining(), unreadable: [] };
  onProgress(rotation);
  // Again while it gets on: accounts are approved meanwhile, by processes that may not know the new key yet.
  for (let before = -1; rotation.rotated !== before && rotation.remaining > 0; ) {
    before = rotation.rotated;
    rotation.unreadable = [];
    await rotateOnce(rotation, onProgress);
  }
  return rotation;
}

async function rotateOnce(rotation: Rotation, onProgress: (rotation: Rotation) => void): Promise<void> {
  for (let after: string | null = null; ; ) {
    const batch: OldSecret[] = await nextBatch(after);
    for (const row of batch) {
      const outcome = await rotateOne(row);
      if (outcome === "rotated") rotation.rotated += 1;
      if (outcome === "unknown-key" || outcome === "damaged")
        rotation.unreadable.push({ accountId: row.id, reason: outcome });
    }
    rotation.remaining = await countRemaining();
    onProgress(rotation);
    after = batch.at(-1)?.id ?? null;
    if (after === null) return;
  }
}

interface OldSecret {
  id: string;
  encrypted: string;
}

function nextBatch(after: string | null): Promise<OldSecret[]> {
  return db.$queryRaw<OldSecret[]>`
    SELECT id, management_secret_encrypted AS encrypted FROM account
    WHERE split_part(management_secret_encrypted, '.', 1) <> ${newestKeyId()}
      AND (${after}::uuid IS NULL OR id > ${after}::uuid)
    ORDER BY id
    LIMIT ${batchSize}`;
}

async function countRemaining(): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM account
    WHERE split_part(management_secret_encrypted, '.', 1) <> ${newestKeyId()}`;
  return row?.count ?? 0;
}

async function rotateOne({ id, encrypted }: OldSecret) {
  if (!hasKeyFor(encrypted)) return "unknown-key";
  const context = managementSecretContext(id);
  let secret: string;
  try {
    secret = decrypt(encrypted, context);
  } catch {
    return "damaged";
  }
  const { count } = await db.account.updateMany({
    // Compare and swap: a key that was replaced since it was read must not come back.
    where: { id, managementSecretEncrypted: encrypted },
    data: { managementSecretEncrypted: encrypt(secret, context) },
  });
  return count === 1 ? "rotated" : "replaced";
}
