import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumHeader,
  createChecksum,
  findChecksumAlgorithm,
} from "./checksums.ts";

describe("checksums", () => {
  // The check values of the CRC catalogue (reveng.sourceforge.io) and of FIPS 180-2.
  test.each<[ChecksumAlgorithm, string, string]>([
    ["CRC32", "123456789", "cbf43926"],
    ["CRC32", "", "00000000"],
    ["CRC32C", "123456789", "e3069283"],
    ["CRC32C", "", "00000000"],
    ["CRC64NVME", "123456789", "ae8b14860a799888"],
    ["CRC64NVME", "", "0000000000000000"],
    ["SHA1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
    ["SHA256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ])("%s of %j", (algorithm, text, hex) => {
    expect(digest(algorithm, [Buffer.from(text)]).toString("hex")).toBe(hex);
  });

  // RFC 3720, B.4, and the NVM Command Set specification, table of test cases.
  test.each<[ChecksumAlgorithm, string, Buffer, string]>([
    ["CRC32C", "32 bytes of zeros", Buffer.alloc(32, 0), "8a9136aa"],
    ["CRC32C", "32 bytes of ones", Buffer.alloc(32, 0xff), "62a8ab43"],
    ["CRC32C", "32 bytes counting up", Buffer.from(Array.from({ length: 32 }, (_, i) => i)), "46dd794e"],
    ["CRC64NVME", "4 KiB of zeros", Buffer.alloc(4096, 0), "6482d367eb22b64e"],
    ["CRC64NVME", "4 KiB of ones", Buffer.alloc(4096, 0xff), "c0ddba7302eca3ac"],
  ])("%s of %s", (algorithm, _, bytes, hex) => {
    expect(digest(algorithm, [bytes]).toString("hex")).toBe(hex);
  });

  test.each(CHECKSUM_ALGORITHMS)("%s is the same however the bytes are split", (algorithm) => {
    for (let round = 0; round < 50; round++) {
      const bytes = randomBytes(round * 7);
      const cut = Math.floor(Math.random() * (bytes.length + 1));
      expect(digest(algorithm, [bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(
        digest(algorithm, [bytes]),
      );
    }
  });

  test("names and headers", () => {
    expect(findChecksumAlgorithm("crc64nvme")).toBe("CRC64NVME");
    expect(findChecksumAlgorithm("MD5")).toBeUndefined();
    expect(checksumHeader("CRC32C")).toBe("x-amz-checksum-crc32c");
  });
});

function digest(algorithm: ChecksumAlgorithm, pieces: Buffer[]): Buffer {
  const checksum = createChecksum(algorithm);
  for (const piece of pieces) checksum.update(piece);
  return checksum.digest();
}
