import { createHash } from "node:crypto";
import { type ChecksumAlgorithm, createChecksum } from "../../checksums.ts";
import { type CrcAlgorithm, combineCrcs } from "../../combine-crcs.ts";
import { S3Error } from "../../errors.ts";
import type { Part } from "../../parts.ts";
import type { Upload } from "../../uploads.ts";
import type { StoredChecksum } from "../../versions.ts";

/** Of every part but the last. */
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** A part as the client that completes an upload lists it. */
export type ListedPart = {
  number: number;
  /** Without quotes. */
  etag: string;
  checksums: Partial<Record<ChecksumAlgorithm, string>>;
};

/** What the client says of the object that must come of it. */
export type ExpectedObject = {
  sizeBytes: number | undefined;
  checksums: Partial<Record<ChecksumAlgorithm, string>>;
  checksumType: string | undefined;
};

/**
 * What an upload's parts make: the size, ETag and checksum of the object, of what is known of its parts.
 *
 * @param kept the upload's parts
 * @param listed in their order, at least one
 * @throws S3Error InvalidPartOrder, InvalidPart, EntityTooSmall, BadDigest, InvalidRequest
 */
export function assembleObject(
  upload: Upload,
  kept: Part[],
  listed: ListedPart[],
  expected: ExpectedObject,
): { sizeBytes: number; etag: string; checksum: StoredChecksum | null } {
  const parts = chooseParts(upload, kept, listed);
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  const checksum = upload.checksum ? { ...upload.checksum, value: combineChecksums(upload, parts) } : null;
  checkExpected(upload, sizeBytes, checksum, expected);
  const digests = parts.map(({ etag }) => Buffer.from(etag, "hex"));
  const md5 = createHash("md5").update(Buffer.concat(digests)).digest("hex");
  return { sizeBytes, etag: `${md5}-${parts.length}`, checksum };
}

function chooseParts(upload: Upload, kept: Part[], listed: ListedPart[]): Part[] {
  if (listed.some(({ number }, index) => number <= (listed[index - 1]?.number ?? 0))) {
    throw new S3Error("InvalidPartOrder", undefined, { details: { UploadId: upload.id } });
  }
  const byNumber = new Map(kept.map((part) => [part.number, part]));
  const chosen = listed.map((wanted) => {
    const part = byNumber.get(wanted.number);
    if (part && part.etag === wanted.etag && hasChecksums(part, upload, wanted)) return part;
    throw new S3Error("InvalidPart", undefined, {
      details: { UploadId: upload.id, PartNumber: wanted.number, ETag: wanted.etag },
    });
  });
  const tooSmall = chosen.slice(0, -1).find(({ sizeBytes }) => sizeBytes < MIN_PART_BYTES);
  if (tooSmall) {
    throw new S3Error("EntityTooSmall", undefined, {
      details: {
        ProposedSize: tooSmall.sizeBytes,
        MinSizeAllowed: MIN_PART_BYTES,
        PartNumber: tooSmall.number,
        ETag: tooSmall.etag,
      },
    });
  }
  return chosen;
}

/**
 * Where the upload keeps no checksums there is none to compare with: each was checked as its part came in. One that is
 * left out is taken as it is, as at the Ceph Object Gateway; Amazon insists on them where the object's is composite.
 */
function hasChecksums(part: Part, { checksum }: Upload, listed: ListedPart): boolean {
  if (!checksum) return true;
  return Object.entries(listed.checksums).every(
    ([algorithm, value]) => algorithm === checksum.algorithm && value === part.checksum,
  );
}

function combineChecksums({ checksum }: Upload, parts: Part[]): string {
  const { algorithm, type } = checksum as NonNullable<Upload["checksum"]>;
  const digests = parts.map((part) => Buffer.from(part.checksum ?? "", "base64"));
  if (type === "FULL_OBJECT") {
    const crcs = parts.map(({ sizeBytes }, index) => ({ crc: digests[index] as Buffer, sizeBytes }));
    return combineCrcs(algorithm as CrcAlgorithm, crcs).toString("base64");
  }
  const composite = createChecksum(algorithm);
  composite.update(Buffer.concat(digests));
  return `${composite.digest().toString("base64")}-${parts.length}`;
}

function checkExpected(
  upload: Upload,
  sizeBytes: number,
  checksum: StoredChecksum | null,
  expected: ExpectedObject,
): void {
  if (expected.checksumType !== undefined && expected.checksumType.toUpperCase() !== upload.checksum?.type) {
    throw new S3Error(
      "InvalidRequest",
      `The upload was created using the ${upload.checksum?.type ?? "null"} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  for (const [algorithm, value] of Object.entries(expected.checksums)) {
    // One that cannot be verified must not be passed over.
    if (algorithm !== checksum?.algorithm) {
      throw new S3Error(
        "InvalidRequest",
        `Checksum Type mismatch occurred, expected checksum Type: ${checksum?.algorithm.toLowerCase() ?? "null"}, actual checksum Type: ${algorithm.toLowerCase()}`,
      );
    }
    // How many parts there are, which a composite checksum ends with, may be left out.
    if (value !== checksum.value && value !== checksum.value.replace(/-\d+$/, "")) {
      throw new S3Error(
        "BadDigest",
        `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
      );
    }
  }
  if (expected.sizeBytes !== undefined && expected.sizeBytes !== sizeBytes) {
    throw new S3Error(
      "InvalidRequest",
      `The provided 'x-amz-mp-object-size' header value ${expected.sizeBytes} does not match what was computed: ${sizeBytes}`,
    );
  }
}
