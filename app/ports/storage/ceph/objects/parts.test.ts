import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { cutIntoParts, PART_BYTES, partSize } from "./parts.ts";

const chunk = Buffer.alloc(1_000_003, 1);
const stream = (bytes: number) =>
  Readable.from(
    (function* () {
      for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
    })(),
  );

test("10,000 parts reach 5 TiB, and the first thousand are of the ordinary size", () => {
  let sum = 0;
  for (let number = 1; number <= 10_000; number += 1) sum += partSize(number);
  expect(sum).toBeGreaterThanOrEqual(5 * 1_024 ** 4);
  expect(partSize(1_000)).toBe(PART_BYTES);
  // S3's limit of a part.
  expect(partSize(10_000)).toBeLessThan(5 * 1_024 ** 3);
});

test.each([0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES])(
  "cuts %i bytes",
  async (bytes) => {
    const sizes: number[] = [];
    const last: boolean[] = [];
    for await (const part of cutIntoParts(stream(bytes))) {
      expect(part.partNumber).toBe(sizes.length + 1);
      sizes.push(part.body.length);
      last.push(part.isLast);
      expect(part.body.every((byte) => byte === 1)).toBe(true);
      part.release();
    }
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bytes);
    expect(sizes.slice(0, -1).every((size) => size === PART_BYTES)).toBe(true);
    expect(last).toEqual(last.map((_, index) => index === last.length - 1));
  },
);

test("memory that was given back is used again, and other memory never is", async () => {
  const buffers = new Set<ArrayBufferLike>();
  for await (const part of cutIntoParts(stream(6 * PART_BYTES))) {
    buffers.add(part.body.buffer);
    part.release();
  }
  expect(buffers.size).toBe(1);
  const kept: Buffer[] = [];
  for await (const part of cutIntoParts(stream(3 * PART_BYTES))) kept.push(part.body);
  expect(new Set(kept.map(({ buffer }) => buffer)).size).toBe(kept.length);
});

test("fails with its stream, and ends it when it is told to", async () => {
  const failing = Readable.from(
    (async function* () {
      yield Buffer.alloc(10);
      throw new Error("gone");
    })(),
  );
  await expect(readAll(cutIntoParts(failing))).rejects.toThrow("gone");
  const endless = new Readable({ read() {} });
  const stop = new AbortController();
  const cut = readAll(cutIntoParts(endless, stop.signal));
  stop.abort();
  await expect(cut).rejects.toMatchObject({ name: "AbortError" });
  expect(endless.destroyed).toBe(true);
});

async function readAll(parts: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of parts);
}
