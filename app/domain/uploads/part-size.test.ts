import { expect, test } from "vitest";
import { mostParts, mostSizeBytes, partSizeFor } from "./part-size.ts";

const MiB = 1024 * 1024;

test.each([
  0,
  1,
  100 * MiB,
  156_250 * MiB,
  160_000 * MiB,
  160_000 * MiB + 1,
  mostSizeBytes - 1,
  mostSizeBytes,
])("%i bytes fit into parts that S3 takes", (sizeBytes) => {
  const partBytes = partSizeFor(sizeBytes);
  expect(partBytes % MiB).toBe(0);
  expect(partBytes).toBeGreaterThanOrEqual(5 * MiB);
  expect(partBytes).toBeLessThanOrEqual(5 * 1024 * MiB);
  expect(Math.ceil(sizeBytes / partBytes)).toBeLessThanOrEqual(mostParts);
});

test("small files are not cut into more parts than they need", () => {
  expect(partSizeFor(16 * MiB)).toBe(16 * MiB);
  expect(partSizeFor(mostSizeBytes)).toBe(525 * MiB);
});
