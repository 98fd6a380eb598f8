import type { FileHandle } from "node:fs/promises";

/** Written at once: each write is a turn of the event loop and of a thread, whatever its size. */
const WRITE_BYTES = 1024 * 1024;
/** So many pieces are made one: a client that sends a byte at a time must not make a million of them wait. */
const SMALL_PIECES = 1024;
/** On its way to the disk at once, so that the last wait for it is a short one. */
const SYNC_BYTES = 16 * 1024 * 1024;

/** Writes a file from its start, while its caller goes on to the next piece. */
export type FileWriter = {
  /** Takes a piece, which must stay as it is. Waits while the disk is behind. @throws what an earlier write failed of */
  write: (piece: Uint8Array) => Promise<void>;
  /** Returns once all of it would survive a power cut. */
  sync(): Promise<void>;
  /** Returns once nothing is being written any more, whether it was or failed. */
  settled(): Promise<void>;
};

export function createFileWriter(file: FileHandle): FileWriter {
  let waiting: Uint8Array[] = [];
  /** How many at the start of `waiting` are joined already. */
  let joined = 0;
  let waitingBytes = 0;
  let unsyncedBytes = 0;
  let writing: Promise<void> = Promise.resolve();
  let syncing: Promise<void> = Promise.resolve();
  let isSyncing = false;

  function startWriting(): void {
    const pieces = waiting;
    unsyncedBytes += waitingBytes;
    waiting = [];
    joined = 0;
    waitingBytes = 0;
    writing = writeAll(file, pieces);
    // Told to whoever waits for it next.
    writing.catch(() => {});
  }

  function startSyncing(): void {
    if (isSyncing || unsyncedBytes < SYNC_BYTES) return;
    unsyncedBytes = 0;
    isSyncing = true;
    // A failure is kept for sync(): the system tells it once, and a later sync of the same file would succeed.
    syncing = syncing.then(() => file.datasync());
    syncing
      .finally(() => {
        isSyncing = false;
      })
      .catch(() => {});
  }

  return {
    async write(piece) {
      waiting.push(piece);
      if (waiting.length - joined >= SMALL_PIECES) waiting.push(Buffer.concat(waiting.splice(joined++)));
      waitingBytes += piece.length;
      if (waitingBytes < WRITE_BYTES) return;
      await writing;
      startSyncing();
      startWriting();
    },
    async sync() {
      await writing;
      startWriting();
      await writing;
      await syncing;
      await file.sync();
    },
    async settled() {
      await writing.catch(() => {});
      await syncing.catch(() => {});
    },
  };
}

/** A single write may take less than it was given. */
async function writeAll(file: FileHandle, pieces: Uint8Array[]): Promise<void> {
  const left = pieces.filter(({ length }) => length > 0);
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left);
    while (left[0] && bytesWritten >= left[0].length) bytesWritten -= (left.shift() as Uint8Array).length;
    if (left[0] && bytesWritten > 0) left[0] = left[0].subarray(bytesWritten);
  }
}
