import { addAbortSignal, type Readable } from "node:stream";

const MIB = 1_048_576;

/** Of an ordinary part. */
export const PART_BYTES = 8 * MIB;
/** How many parts are of that size: 8,000 MiB, which nearly all uploads fit in. */
const ORDINARY_PARTS = 1_000;
/** What each part after them has more than the one before, so that S3's 10,000 parts reach S3's 5 TiB. */
const GROWTH_BYTES = 136 * 1_024;

export interface Part {
  partNumber: number;
  body: Buffer;
  isLast: boolean;
  /** Gives the memory of `body` back, for another part. */
  release: () => void;
}

/**
 * Cuts a stream of unknown length into the parts of an upload, each as it has come in whole; none for an empty stream.
 * Holds no more memory than the parts that were not released, and one.
 *
 * @param signal ends it in an error, and the stream with it
 */
export async function* cutIntoParts(body: Readable, signal?: AbortSignal): AsyncGenerator<Part, void> {
  const chunks = chunksOf(signal ? addAbortSignal(signal, body) : body);
  const free: Buffer[] = [];
  let chunk = await chunks.next();
  for (let partNumber = 1; chunk; partNumber += 1) {
    const size = partSize(partNumber);
    const memory = takeMemory(free, size);
    let filled = 0;
    while (chunk && filled < size) {
      const copied: number = chunk.copy(memory, filled, 0, size - filled);
      filled += copied;
      chunk = copied < chunk.length ? chunk.subarray(copied) : await chunks.next();
    }
    const release = () => free.push(memory);
    yield { partNumber, body: memory.subarray(0, filled), isLast: !chunk, release };
  }
}

/** In bytes. */
export function partSize(partNumber: number): number {
  return PART_BYTES + Math.max(0, partNumber - ORDINARY_PARTS) * GROWTH_BYTES;
}

function takeMemory(free: Buffer[], size: number): Buffer {
  const memory = free.pop();
  return memory && memory.length >= size ? memory : Buffer.allocUnsafeSlow(size);
}

/** The chunks of a stream that are not empty; undefined after the last. */
function chunksOf(body: Readable): { next: () => Promise<Buffer | undefined> } {
  const iterator = body[Symbol.asyncIterator]();
  return {
    async next() {
      for (;;) {
        const { value, done } = await iterator.next();
        if (done) return undefined;
        const chunk: Buffer = Buffer.isBuffer(value) ? value : Buffer.from(value);
        if (chunk.length > 0) return chunk;
      }
    },
  };
}
