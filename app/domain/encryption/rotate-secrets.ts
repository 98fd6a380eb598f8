import { db, type Sql } from "#app/ports/db.server.ts";
import { decrypt, encrypt, hasKeyFor, newestKeyId } from "#app/ports/encryption.server.ts";

/** A row's secret as it stands there. */
export interface StoredSecret {
  id: string;
  encrypted: string;
}

/** A column that holds secrets, as the module that writes it describes it. */
export interface SecretColumn {
  /** Whose secrets they are, for what is told of a row: `account`. */
  owner: string;
  /** What a row's secret is bound to. */
  context: (id: string) => string;
  /** A query of them all, as `id` (a uuid) and `encrypted`. */
  rows: Sql;
  /** Compare and swap: a secret that was replaced since it was read must not come back. */
  replace: (old: StoredSecret, renewed: string) => Promise<{ count: number }>;
}

export interface Rotation {
  /** Secrets encrypted anew so far. */
  rotated: number;
  /** Secrets that are not encrypted with the newest key. */
  remaining: number;
  /** Those that could not be read, and why: no such key, or the value is not the row's. */
  unreadable: { owner: string; id: string; reason: "unknown-key" | "damaged" }[];
}

/** Rows read at once; each is written by itself. */
const batchSize = 200;

/**
 * Encrypts the secrets of these columns anew with the newest of ENCRYPTION_KEYS, while web and worker go on. A secret
 * that somebody replaces meanwhile is left as they wrote it. Safe to stop anywhere and to run again, and twice at once:
 * what is done is not done again.
 */
export async function rotateSecrets(
  columns: readonly SecretColumn[],
  onProgress: (rotation: Rotation) => void = () => {},
): Promise<Rotation> {
  const rotation: Rotation = { rotated: 0, remaining: await countOld(columns), unreadable: [] };
  onProgress(rotation);
  // Again while it gets on: secrets are made meanwhile, by processes that may not know the new key yet.
  for (let before = -1; rotation.rotated !== before && rotation.remaining > 0; ) {
    before = rotation.rotated;
    rotation.unreadable = [];
    for (const column of columns) {
      for await (const batch of oldSecrets(column)) {
        for (const secret of batch) await rotateOne(column, secret, rotation);
        rotation.remaining = await countOld(columns);
        onProgress(rotation);
      }
    }
    rotation.remaining = await countOld(columns);
  }
  return rotation;
}

async function countOld(columns: readonly SecretColumn[]): Promise<number> {
  let total = 0;
  for (const { rows } of columns) {
    const [row] = await db.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM (${rows}) secret
      WHERE split_part(encrypted, '.', 1) <> ${newestKeyId()}`;
    total += row?.count ?? 0;
  }
  return total;
}

async function* oldSecrets({ rows }: SecretColumn): AsyncGenerator<StoredSecret[]> {
  for (let after: string | null = null; ; ) {
    const batch: StoredSecret[] = await db.$queryRaw`
      SELECT id, encrypted FROM (${rows}) secret
      WHERE split_part(encrypted, '.', 1) <> ${newestKeyId()} AND (${after}::uuid IS NULL OR id > ${after}::uuid)
      ORDER BY id
      LIMIT ${batchSize}`;
    after = batch.at(-1)?.id ?? null;
    if (after === null) return;
    yield batch;
  }
}

async function rotateOne(column: SecretColumn, old: StoredSecret, rotation: Rotation): Promise<void> {
  const { id, encrypted } = old;
  const context = column.context(id);
  if (!hasKeyFor(encrypted)) {
    rotation.unreadable.push({ owner: column.owner, id, reason: "unknown-key" });
    return;
  }
  let secret: string;
  try {
    secret = decrypt(encrypted, context);
  } catch {
    rotation.unreadable.push({ owner: column.owner, id, reason: "damaged" });
    return;
  }
  const { count } = await column.replace(old, encrypt(secret, context));
  rotation.rotated += count;
}
