import type { FileHandle } from "node:fs/promises";

/** Of a file at once: smaller pieces are more turns of the event loop, larger ones more memory for each reader. */
const PIECE_BYTES = 256 * 1024;
/** Buffers that are kept for the next reader. Made anew for each piece, they cost more than reading it. */
const KEPT_BUFFERS = 64;

const freeBuffers: Buffer[] = [];

/**
 * A body that comes in pieces. **A piece is good until the next is asked for**: its memory is used again, so whoever
 * keeps one must copy it.
 */
export type BodyStream = AsyncIterable<Buffer> & {
  /** Lets go of what it holds, read to its end or not, begun or not. */
  destroy(): void;
};

/** Reads a file from its first to its last byte, inclusive, and closes it. The next piece is read while one is used. */
export function readPieces(file: FileHandle, first: number, last: number): BodyStream {
  let begun = false;
  let closed = false;

  function close(): void {
    if (closed) return;
    closed = true;
    file.close().catch(() => {});
  }

  async function* pieces(): AsyncGenerator<Buffer> {
    begun = true;
    const buffers = last - first < PIECE_BYTES ? [takeBuffer()] : [takeBuffer(), takeBuffer()];
    let position = first;
    const readNext = (turn: number) => {
      const buffer = buffers[turn % buffers.length] as Buffer;
      const reading = file.read(buffer, 0, Math.min(buffer.length, last - position + 1), position);
      // Whoever abandons the body in between does not wait for it.
      reading.catch(() => {});
      return reading;
    };
    let reading = readNext(0);
    try {
      for (let turn = 0; position <= last; turn++) {
        const { bytesRead, buffer } = await reading;
        if (bytesRead === 0) throw new Error("a file is shorter than its row says");
        position += bytesRead;
        if (position <= last) reading = readNext(turn + 1);
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      // A read that is under way still writes into its buffer.
      await reading.catch(() => {});
      for (const buffer of buffers) giveBack(buffer);
      close();
    }
  }

  return {
    [Symbol.asyncIterator]: pieces,
    // Once begun, the generator closes the file itself: its consumer ends it.
    destroy() {
      if (!begun) close();
    },
  };
}

function takeBuffer(): Buffer {
  return freeBuffers.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
}

function giveBack(buffer: Buffer): void {
  if (freeBuffers.length < KEPT_BUFFERS) freeBuffers.push(buffer);
}
