import { randomUUID } from "node:crypto";
import { fsync as fsyncCallback, openSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type BodyStream, readPieces } from "./file-pieces.ts";
import { createFileWriter } from "./file-writer.ts";

const fsync = promisify(fsyncCallback);

/**
 * Object bodies as files: `blobs/ab/<uuid>`, where ab are the uuid's first two digits, and `incoming/<uuid>` while
 * one is being received. A file under `blobs` is complete, is on disk, and never changes.
 */
export type BlobStore = {
  /** Starts a new blob. Nothing else can see it before a row refers to it. */
  create(): Promise<BlobWriter>;
  /**
   * Opens a blob for reading, first and last byte inclusive.
   *
   * It is read to its end even if it is removed meanwhile.
   * @throws an ENOENT error where there is none
   */
  read(id: string, first: number, last: number): Promise<BodyStream>;
  /** Removes a blob, once nobody holds it any more. One that is gone already is fine. */
  remove(id: string): Promise<void>;
  /**
   * Keeps blobs from being removed: for reading several one after another, of which the first alone is open.
   *
   * What was removed before is gone all the same. Whoever takes a hold looks afterwards whether the row is still there.
   * @returns a function that ends it
   */
  hold(ids: string[]): () => void;
  /** The ids of the blobs that were finished before `time`, a directory at a time. */
  listOlderThan(time: Date): AsyncIterable<string[]>;
};

export type BlobWriter = {
  id: string;
  /** Takes a piece, which must stay as it is: it is written while the next one comes. */
  write(piece: Uint8Array): Promise<void>;
  /** Returns once the blob would survive a power cut. A row may refer to it from then on. */
  seal(): Promise<void>;
  /** Removes what was written, sealed or not. */
  discard(): Promise<void>;
};

/**
 * Opens the store in a directory, making it where it is missing, and clears what a killed process left half-received.
 */
export async function openBlobStore(directory: string): Promise<BlobStore> {
  const incoming = path.join(directory, "incoming");
  const blobs = path.join(directory, "blobs");
  const shards = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, "0"));
  // No row ever refers to a file in here, so all of it may go, however it got there.
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  for (const shard of shards) await mkdir(path.join(blobs, shard), { recursive: true, mode: 0o700 });
  for (const made of [blobs, directory]) await syncDirectory(made);

  const fileOf = (id: string) => blobFile(directory, id);
  // Open as long as the process runs: every upload syncs one of them.
  const shardHandles = new Map(shards.map((shard) => [shard, openSync(path.join(blobs, shard), "r")]));

  async function create(): Promise<BlobWriter> {
    const id = randomUUID();
    const temporary = path.join(incoming, id);
    const file = await open(temporary, "wx", 0o600);
    const writer = createFileWriter(file);
    return {
      id,
      write: writer.write,
      async seal() {
        // The collector goes by this, and the body's last byte may have come long before the end of its request.
        const now = new Date();
        await file.utimes(now, now);
        await writer.sync();
        await file.close();
        await rename(temporary, fileOf(id));
        // A file's name is only safe once its directory is on disk as well.
        await fsync(shardHandles.get(id.slice(0, 2)) as number);
      },
      async discard() {
        await writer.settled();
        await file.close().catch(() => {});
        await rm(temporary, { force: true });
        await rm(fileOf(id), { force: true });
      },
    };
  }

  async function read(id: string, first: number, last: number): Promise<BodyStream> {
    // Opened before anything is answered: from here on the file can be read even if its name is removed.
    return readPieces(await open(fileOf(id), "r"), first, last);
  }

  async function* listOlderThan(time: Date): AsyncGenerator<string[]> {
    for (const shard of shards) {
      const old: string[] = [];
      for (const id of await readdir(path.join(blobs, shard))) {
        // Not ours to judge, and nothing that a database would take for an id.
        if (!/^[0-9a-f-]{36}$/.test(id)) continue;
        const found = await stat(fileOf(id)).catch(() => null);
        if (found && found.mtime < time) old.push(id);
      }
      if (old.length > 0) yield old;
    }
  }

  // One process serves the store, so its own memory says what is being read. A removal that is put off and then lost
  // with the process leaves an orphan.
  const held = new Map<string, { readers: number; removed: boolean }>();

  function hold(ids: string[]): () => void {
    for (const id of ids) {
      const entry = held.get(id);
      if (entry) entry.readers += 1;
      else held.set(id, { readers: 1, removed: false });
    }
    let over = false;
    return () => {
      if (over) return;
      over = true;
      for (const id of ids) endHold(id);
    };
  }

  function endHold(id: string): void {
    const entry = held.get(id);
    if (!entry || --entry.readers > 0) return;
    held.delete(id);
    // What cannot be removed is left to the collector.
    if (entry.removed) unlinkIfThere(fileOf(id)).catch(() => {});
  }

  async function remove(id: string): Promise<void> {
    const entry = held.get(id);
    if (entry) entry.removed = true;
    else await unlinkIfThere(fileOf(id));
  }

  return { create, read, remove, hold, listOlderThan };
}

/** Where a finished blob is, in the store's directory. */
export function blobFile(directory: string, id: string): string {
  return path.join(directory, "blobs", id.slice(0, 2), id);
}

async function unlinkIfThere(file: string): Promise<void> {
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
