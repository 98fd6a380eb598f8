import type { Readable } from "node:stream";
import type { ByteRange } from "./operations/byte-range.ts";
import type { Store } from "./store.ts";
import type { StoredBody, Version } from "./versions.ts";

/**
 * A body this small stands in its row. As a file it would cost two waits for the disk more, and a block of its own.
 */
const MAX_INLINE_BYTES = 64 * 1024;

export type BodyWriter = {
  write(piece: Buffer): Promise<void>;
  /** Returns once a row may refer to the body: it would survive a power cut, or will commit with the row. */
  seal(): Promise<StoredBody>;
  /** Removes what was written, sealed or not. */
  discard(): Promise<void>;
};

/** Starts to keep a body of this size, in memory until its row is written or in a file. */
export async function createBodyWriter(store: Store, sizeBytes: number): Promise<BodyWriter> {
  if (sizeBytes > MAX_INLINE_BYTES) {
    const blob = await store.blobs.create();
    return {
      write: (piece) => blob.write(piece),
      async seal() {
        await blob.seal();
        return { body: null, blobId: blob.id, uploadId: null };
      },
      discard: () => blob.discard(),
    };
  }
  const pieces: Buffer[] = [];
  return {
    async write(piece) {
      pieces.push(piece);
    },
    async seal() {
      return { body: sizeBytes === 0 ? null : Buffer.concat(pieces), blobId: null, uploadId: null };
    },
    async discard() {},
  };
}

/**
 * Opens a version's body, first and last byte inclusive.
 *
 * @returns null where it was removed since the version was looked up
 */
export async function openBody(
  store: Store,
  version: Version,
  { first, last }: ByteRange,
): Promise<Buffer | Readable | null> {
  if (version.sizeBytes === 0) return Buffer.alloc(0);
  if (version.blobId !== null) return openBlob(store, version.blobId, first, last);
  const { rows } = await store.database.query<{ piece: Buffer }>(
    "select substring(body from $2 for $3) as piece from s3.object_versions where id = $1",
    [version.id, first + 1, last - first + 1],
  );
  return rows[0]?.piece ?? null;
}

async function openBlob(store: Store, id: string, first: number, last: number): Promise<Readable | null> {
  try {
    return await store.blobs.read(id, first, last);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
