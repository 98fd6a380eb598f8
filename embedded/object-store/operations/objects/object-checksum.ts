import { type ChecksumAlgorithm, checksumHeader, findChecksumAlgorithm } from "../../checksums.ts";
import { S3Error } from "../../errors.ts";
import type { StoredChecksum } from "../../versions.ts";
import type { XmlElements } from "../../xml.ts";

/**
 * Reads `x-amz-checksum-algorithm`, which asks for a checksum of what is made.
 *
 * @throws S3Error InvalidRequest
 */
export function readChecksumAlgorithm(headers: Map<string, string>): ChecksumAlgorithm | undefined {
  const given = headers.get("x-amz-checksum-algorithm");
  const algorithm = given === undefined ? undefined : findChecksumAlgorithm(given);
  if (given !== undefined && algorithm === undefined) {
    throw new S3Error(
      "InvalidRequest",
      "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
    );
  }
  return algorithm;
}

/** The headers that tell an object's checksum. */
export function checksumHeaders(checksum: StoredChecksum | null): Record<string, string> {
  if (!checksum) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type };
}

/** The element of a document that tells a checksum, such as `ChecksumCRC32`. */
export function checksumElement(algorithm: ChecksumAlgorithm, value: string): Record<string, string> {
  return { [`Checksum${algorithm}`]: value };
}

/** The elements that tell an object's checksum and its type; none where it has none. */
export function checksumElements(checksum: StoredChecksum | null): XmlElements {
  if (!checksum) return {};
  return { ...checksumElement(checksum.algorithm, checksum.value), ChecksumType: checksum.type };
}
