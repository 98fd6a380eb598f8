/**
 * The CRC of a body from those of its parts, without reading it again.
 *
 * A CRC is the remainder of a polynomial over GF(2). To put n bytes behind a body is to multiply its polynomial by
 * x^(8n); the ones that a CRC begins and ends with cancel out. Polynomials are held bit-reversed, as in the reflected
 * CRCs themselves: the highest bit is the coefficient of x^0.
 */
const CRCS = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n },
  CRC32C: { bits: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { bits: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
};
export type CrcAlgorithm = keyof typeof CRCS;

type Field = { bits: bigint; polynomial: bigint };

/** @param parts in their order, at least one; a CRC is its bytes, big-endian */
export function combineCrcs(algorithm: CrcAlgorithm, parts: { crc: Buffer; sizeBytes: number }[]): Buffer {
  const field = CRCS[algorithm];
  // The parts of an upload are of one size, but for the last.
  const shifts = new Map<number, bigint>();
  let combined = 0n;
  for (const { crc, sizeBytes } of parts) {
    let shift = shifts.get(sizeBytes);
    if (shift === undefined) {
      shift = powerOfX(field, 8n * BigInt(sizeBytes));
      shifts.set(sizeBytes, shift);
    }
    combined = multiply(field, shift, combined) ^ BigInt(`0x${crc.toString("hex")}`);
  }
  return Buffer.from(combined.toString(16).padStart(Number(field.bits / 4n), "0"), "hex");
}

/** x^exponent, by squaring. */
function powerOfX(field: Field, exponent: bigint): bigint {
  let power = 1n << (field.bits - 1n);
  let square = power >> 1n;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) power = multiply(field, power, square);
    square = multiply(field, square, square);
  }
  return power;
}

/** The product of two polynomials, reduced. */
function multiply({ bits, polynomial }: Field, a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 1n << (bits - 1n); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}
