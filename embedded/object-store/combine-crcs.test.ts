import fc from "fast-check";
import { expect, test } from "vitest";
import { createChecksum } from "./checksums.ts";
import { combineCrcs } from "./combine-crcs.ts";

const crcOf = (algorithm: "CRC32" | "CRC32C" | "CRC64NVME", bytes: Uint8Array) => {
  const checksum = createChecksum(algorithm);
  checksum.update(bytes);
  return checksum.digest();
};

test.each(["CRC32", "CRC32C", "CRC64NVME"] as const)("%s of parts makes that of the whole", (algorithm) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 }), (bodies) => {
      const parts = bodies.map((body) => ({ crc: crcOf(algorithm, body), sizeBytes: body.length }));
      const whole = crcOf(algorithm, Buffer.concat(bodies));
      expect(combineCrcs(algorithm, parts).toString("hex")).toBe(whole.toString("hex"));
    }),
    { numRuns: 300 },
  );
});

test("10,000 parts are put together in well under a second", () => {
  const parts = Array.from({ length: 10_000 }, (_, i) => ({
    crc: Buffer.alloc(8, i),
    sizeBytes: i === 9_999 ? 12_345 : 5 * 2 ** 30,
  }));
  const startedAt = performance.now();
  combineCrcs("CRC64NVME", parts);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
