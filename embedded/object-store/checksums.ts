import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** The checksums of S3's flexible checksums feature, spelled as in `x-amz-sdk-checksum-algorithm`. */
export const CHECKSUM_ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** A checksum that is fed piece by piece. `digest()` ends it; its value is the big-endian bytes S3 sends. */
export type Checksum = { update(bytes: Uint8Array): void; digest(): Buffer };

/** The header (or trailer) that carries a checksum's value in base64. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The algorithm named by a client, in any case, or undefined where S3 has none of that name. */
export function findChecksumAlgorithm(name: string): ChecksumAlgorithm | undefined {
  return CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase());
}

/** Starts a checksum of a body. */
export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  switch (algorithm) {
    case "CRC32":
      return createCrc32();
    case "CRC32C":
      return createCrc32c();
    case "CRC64NVME":
      return createCrc64Nvme();
    case "SHA1":
      return createHash("sha1");
    case "SHA256":
      return createHash("sha256");
  }
}

function createCrc32(): Checksum {
  let crc = 0;
  return {
    update(bytes) {
      crc = crc32(bytes, crc);
    },
    digest: () => bigEndian(crc),
  };
}

// Both of the following take eight bytes per step ("slicing-by-8", Kounavis and Berry, 2005): table k holds what a
// byte contributes once k more bytes have passed through. The plain byte-wise loop is a third as fast.

const SLICES = 8;

/** CRC-32C (Castagnoli): reflected polynomial 0x82F63B78, initial and final value all ones. RFC 3720, B.4. */
function createCrc32c(): Checksum {
  const tables = crc32cTables();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as FixedTables;
  let crc = 0xffffffff;
  return {
    update(bytes) {
      let c = crc;
      let i = 0;
      for (const end = bytes.length - 7; i < end; i += 8) {
        c ^= word(bytes, i);
        c =
          at(t7, c & 255) ^
          at(t6, (c >>> 8) & 255) ^
          at(t5, (c >>> 16) & 255) ^
          at(t4, c >>> 24) ^
          at(t3, byte(bytes, i + 4)) ^
          at(t2, byte(bytes, i + 5)) ^
          at(t1, byte(bytes, i + 6)) ^
          at(t0, byte(bytes, i + 7));
      }
      for (; i < bytes.length; i++) c = at(t0, (c ^ byte(bytes, i)) & 255) ^ (c >>> 8);
      crc = c;
    },
    digest: () => bigEndian(~crc),
  };
}

/**
 * CRC-64/NVME: reflected polynomial 0x9A6C9329AC4BC9B5, initial and final value all ones. NVM Command Set
 * specification, 5.2.1.3.4. Kept as two 32-bit halves, since bigint arithmetic per byte is far too slow.
 */
function createCrc64Nvme(): Checksum {
  const { high, low } = crc64NvmeTables();
  const [h0, h1, h2, h3, h4, h5, h6, h7] = high as FixedTables;
  const [l0, l1, l2, l3, l4, l5, l6, l7] = low as FixedTables;
  let crcHigh = 0xffffffff;
  let crcLow = 0xffffffff;
  return {
    update(bytes) {
      let ch = crcHigh;
      let cl = crcLow;
      let i = 0;
      for (const end = bytes.length - 7; i < end; i += 8) {
        const a = cl ^ word(bytes, i);
        const b = ch ^ word(bytes, i + 4);
        const [a0, a1, a2, a3] = [a & 255, (a >>> 8) & 255, (a >>> 16) & 255, a >>> 24];
        const [b0, b1, b2, b3] = [b & 255, (b >>> 8) & 255, (b >>> 16) & 255, b >>> 24];
        cl =
          at(l7, a0) ^
          at(l6, a1) ^
          at(l5, a2) ^
          at(l4, a3) ^
          at(l3, b0) ^
          at(l2, b1) ^
          at(l1, b2) ^
          at(l0, b3);
        ch =
          at(h7, a0) ^
          at(h6, a1) ^
          at(h5, a2) ^
          at(h4, a3) ^
          at(h3, b0) ^
          at(h2, b1) ^
          at(h1, b2) ^
          at(h0, b3);
      }
      for (; i < bytes.length; i++) {
        const index = (cl ^ byte(bytes, i)) & 255;
        cl = ((cl >>> 8) | (ch << 24)) ^ at(l0, index);
        ch = (ch >>> 8) ^ at(h0, index);
      }
      crcHigh = ch;
      crcLow = cl;
    },
    digest: () => Buffer.concat([bigEndian(~crcHigh), bigEndian(~crcLow)]),
  };
}

type Table = Int32Array;
type FixedTables = [Table, Table, Table, Table, Table, Table, Table, Table];

// Indexes below are always masked to the table or checked against the length.
const at = (table: Table, index: number) => table[index] as number;
const byte = (bytes: Uint8Array, index: number) => bytes[index] as number;
const word = (bytes: Uint8Array, i: number) =>
  byte(bytes, i) | (byte(bytes, i + 1) << 8) | (byte(bytes, i + 2) << 16) | (byte(bytes, i + 3) << 24);

function bigEndian(crc: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(crc | 0);
  return bytes;
}

// The tables are made at first use: most requests carry CRC32, which needs none.

let crc32cTablesMade: Table[] | undefined;

function crc32cTables(): Table[] {
  crc32cTablesMade ??= slicedTables(0x82f63b78n).map((table) =>
    Int32Array.from(table, (value) => Number(BigInt.asIntN(32, value))),
  );
  return crc32cTablesMade;
}

let crc64NvmeTablesMade: { high: Table[]; low: Table[] } | undefined;

function crc64NvmeTables(): { high: Table[]; low: Table[] } {
  if (!crc64NvmeTablesMade) {
    const tables = slicedTables(0x9a6c9329ac4bc9b5n);
    const half = (shift: bigint) =>
      tables.map((table) => Int32Array.from(table, (value) => Number(BigInt.asIntN(32, value >> shift))));
    crc64NvmeTablesMade = { high: half(32n), low: half(0n) };
  }
  return crc64NvmeTablesMade;
}

/** Table 0 of a reflected CRC is the CRC of each byte; each further table passes one zero byte through the last. */
function slicedTables(reflectedPolynomial: bigint): bigint[][] {
  const first = Array.from({ length: 256 }, (_, index) => {
    let crc = BigInt(index);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ reflectedPolynomial : crc >> 1n;
    return crc;
  });
  const tables = [first];
  while (tables.length < SLICES) {
    const previous = tables.at(-1) as bigint[];
    tables.push(previous.map((crc) => (crc >> 8n) ^ (first[Number(crc & 255n)] as bigint)));
  }
  return tables;
}
