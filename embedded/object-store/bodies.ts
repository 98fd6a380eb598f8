import type { ByteRange } from "./byte-range.ts";
import { mayHaveCommitted } from "./database.ts";
import type { BodyStream } from "./file-pieces.ts";
import { findBlobRanges } from "./parts.ts";
import type { Store } from "./store.ts";
import type { StoredBody, Version } from "./versions.ts";

/**
 * A body this small stands in its row. As a file it would cost two waits for the disk more, and a block of its own.
 */
const MAX_INLINE_BYTES = 64 * 1024;

export type BodyWriter = {
  write: (piece: Buffer) => Promise<void>;
  /** Returns once a row may refer to the body: it would survive a power cut, or will commit with the row. */
  seal(): Promise<StoredBody>;
  /** Removes what was written, sealed or not. */
  discard(): Promise<void>;
};

/** Starts to keep a body: in memory as long as it is small, to be written with its row, and then in a file. */
export function createBodyWriter(store: Store): BodyWriter {
  let file: BodyWriter | null = null;
  let pieces: Buffer[] = [];
  let sizeBytes = 0;
  return {
    async write(piece) {
      sizeBytes += piece.length;
      if (!file && sizeBytes <= MAX_INLINE_BYTES) {
        pieces.push(piece);
        return;
      }
      file ??= await createFileBodyWriter(store);
      for (const kept of [...pieces, piece]) await file.write(kept);
      pieces = [];
    },
    async seal() {
      if (file) return file.seal();
      return { body: sizeBytes === 0 ? null : Buffer.concat(pieces), blobId: null, uploadId: null };
    },
    async discard() {
      await file?.discard();
    },
  };
}

/** Starts to keep a body in a file, however small it is. Only an empty one needs none. */
export async function createFileBodyWriter(store: Store): Promise<BodyWriter> {
  const blob = await store.blobs.create();
  let empty = true;
  return {
    write(piece) {
      empty &&= piece.length === 0;
      return blob.write(piece);
    },
    async seal() {
      if (empty) await blob.discard();
      else await blob.seal();
      return { body: null, blobId: empty ? null : blob.id, uploadId: null };
    },
    discard: () => blob.discard(),
  };
}

/**
 * Writes a body and commits the row that refers to it. Whatever fails on the way, the body goes again; what comes after
 * the commit must not stand in `work`.
 */
export async function storeBody<T>(writer: BodyWriter, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // If nobody knows whether the row is there, its file must stay: the collector finds out later.
    if (!mayHaveCommitted(error)) await writer.discard();
    throw error;
  }
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
): Promise<Buffer | BodyStream | null> {
  if (version.sizeBytes === 0) return Buffer.alloc(0);
  if (version.blobId !== null) return openBlob(store, version.blobId, first, last);
  if (version.uploadId !== null) return openParts(store, version.uploadId, { first, last });
  if (version.body) return version.body.subarray(first, last + 1);
  const { rows } = await store.database.query<{ piece: Buffer }>(
    "select substring(body from $2 for $3) as piece from s3.object_versions where id = $1",
    [version.id, first + 1, last - first + 1],
  );
  return rows[0]?.piece ?? null;
}

async function openBlob(store: Store, id: string, first: number, last: number): Promise<BodyStream | null> {
  try {
    return await store.blobs.read(id, first, last);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** The files of an object's parts, one after another: of thousands, only one is open at a time. */
async function openParts(store: Store, uploadId: string, range: ByteRange): Promise<BodyStream | null> {
  const pieces = await findBlobRanges(store.database, uploadId, range);
  const [only] = pieces;
  if (!only) return null;
  if (pieces.length === 1) return openBlob(store, only.blobId, only.first, only.last);

  const release = store.blobs.hold(pieces.map(({ blobId }) => blobId));
  try {
    // They may have been removed before the hold. From here on they cannot be.
    const { rowCount } = await store.database.query("select from s3.uploads where id = $1", [uploadId]);
    // The first is opened before anything is answered, so that a body which is lost is an error, not a short answer.
    const first = rowCount === 0 ? null : await openBlob(store, only.blobId, only.first, only.last);
    if (!first) {
      release();
      return null;
    }
    return {
      async *[Symbol.asyncIterator]() {
        yield* first;
        for (const { blobId, first, last } of pieces.slice(1))
          yield* await store.blobs.read(blobId, first, last);
      },
      destroy() {
        first.destroy();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
