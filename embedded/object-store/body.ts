import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumHeader,
  createChecksum,
  findChecksumAlgorithm,
} from "./checksums.ts";
import { decodeChunks } from "./chunked-body.ts";
import { S3Error } from "./errors.ts";
import type { S3Request } from "./request.ts";
import type { ChunkSigning } from "./sigv4.ts";

/** The largest object a single PUT may carry, as at Amazon: 5 GiB. */
const MAX_BODY_BYTES = 5 * 2 ** 30;

/** Of what has arrived already, which comes without a turn of the event loop: a byte at a time, it would stop all others. */
const PIECES_PER_TURN = 256;

const STREAMING_HASHES: Record<string, { signed: boolean; trailer: boolean }> = {
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": { signed: true, trailer: false },
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": { signed: true, trailer: true },
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER": { signed: false, trailer: true },
};

/** A body's checksum of one of S3's algorithms, its value in base64 as S3 sends it. */
export type ObjectChecksum = { algorithm: ChecksumAlgorithm; value: string };

/** Everything that a request says of its body, validated before the first byte is read. */
export type ExpectedBody = {
  /** Of the payload, decoded. Undefined where the client did not say. */
  sizeBytes: number | undefined;
  chunked: { signing: ChunkSigning | null; signedTrailer: boolean } | null;
  contentMd5: string | undefined;
  /** Hex. */
  contentSha256: string | undefined;
  /** The value is undefined where it follows in a trailer. */
  checksum: { algorithm: ChecksumAlgorithm; value: string | undefined } | undefined;
};

export type ReceivedBody = { sizeBytes: number; md5: string; checksum: ObjectChecksum | undefined };

/**
 * Reads what a request says of its body.
 *
 * @param payloadHash the x-amz-content-sha256 that was signed
 * @param checksumsObject whether x-amz-checksum-* headers tell of something else than the body
 * @throws S3Error InvalidDigest, BadDigest, InvalidRequest, InvalidArgument, EntityTooLarge
 */
export function expectBody(
  request: S3Request,
  payloadHash: string,
  signing: ChunkSigning,
  checksumsObject = false,
): ExpectedBody {
  const streaming = STREAMING_HASHES[payloadHash];
  if (!streaming && payloadHash !== "UNSIGNED-PAYLOAD" && !/^[0-9a-f]{64}$/.test(payloadHash)) {
    throw new S3Error(
      "InvalidArgument",
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING- value that is supported, or a SHA-256 digest.",
    );
  }
  const length = request.headers.get(streaming ? "x-amz-decoded-content-length" : "content-length");
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new S3Error("InvalidArgument", "Bad length.");
  if (Number(length) > MAX_BODY_BYTES) throw new S3Error("EntityTooLarge");

  const contentMd5 = request.headers.get("content-md5");
  if (contentMd5 !== undefined && !isBase64(contentMd5, 16)) throw new S3Error("InvalidDigest");
  return {
    sizeBytes: length === undefined ? undefined : Number(length),
    chunked: streaming
      ? { signing: streaming.signed ? signing : null, signedTrailer: streaming.signed && streaming.trailer }
      : null,
    contentMd5,
    contentSha256: streaming || payloadHash === "UNSIGNED-PAYLOAD" ? undefined : payloadHash,
    checksum: checksumsObject ? undefined : expectChecksum(request, streaming?.trailer ?? false),
  };
}

function expectChecksum(request: S3Request, mayTrail: boolean): ExpectedBody["checksum"] {
  const inHeader = CHECKSUM_ALGORITHMS.filter((algorithm) => request.headers.has(checksumHeader(algorithm)));
  const announced = request.headers.get("x-amz-trailer")?.toLowerCase().trim();
  const inTrailer = CHECKSUM_ALGORITHMS.filter((algorithm) => checksumHeader(algorithm) === announced);
  if (announced !== undefined && (!mayTrail || inTrailer.length === 0)) {
    throw new S3Error("InvalidRequest", "x-amz-trailer must name one x-amz-checksum- trailer that follows.");
  }
  if (inHeader.length + inTrailer.length > 1) {
    throw new S3Error("InvalidRequest", "Expecting a single x-amz-checksum- header.");
  }
  const named = request.headers.get("x-amz-sdk-checksum-algorithm");
  const algorithm = inHeader[0] ?? inTrailer[0];
  if (named !== undefined && (algorithm === undefined || findChecksumAlgorithm(named) !== algorithm)) {
    throw new S3Error(
      "InvalidRequest",
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  if (algorithm === undefined) return undefined;
  const value = request.headers.get(checksumHeader(algorithm));
  if (value !== undefined && !isBase64(value, CHECKSUM_BYTES[algorithm])) {
    // Amazon calls it an InvalidRequest, and Ceph and its tests what it is: no body has this digest.
    throw new S3Error("BadDigest", `Value for ${checksumHeader(algorithm)} header is invalid.`);
  }
  return { algorithm, value };
}

const CHECKSUM_BYTES: Record<ChecksumAlgorithm, number> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

function isBase64(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, "base64");
  return decoded.length === bytes && decoded.toString("base64") === text;
}

/**
 * Reads a body to its end, handing each piece to `write`, and checks its length and every digest the client gave.
 *
 * Nothing that was written may become visible if this throws.
 *
 * @param onBytes told of each piece as it came over the network, for counting traffic
 * @throws S3Error IncompleteBody, BadDigest, XAmzContentSHA256Mismatch, SignatureDoesNotMatch, MalformedTrailerError
 */
export async function receiveBody(
  source: AsyncIterable<Buffer>,
  expected: ExpectedBody,
  write: (piece: Buffer) => Promise<void> | void,
  onBytes: (count: number) => void,
): Promise<ReceivedBody> {
  const md5 = createHash("md5");
  const sha256 = expected.contentSha256 === undefined ? null : createHash("sha256");
  const checksum = expected.checksum ? createChecksum(expected.checksum.algorithm) : null;
  const trailers = new Map<string, string>();
  let sizeBytes = 0;
  let pieces = 0;

  const counted = countBytes(source, onBytes);
  const payload = expected.chunked
    ? decodeChunks(counted, expected.chunked.signing, expected.chunked.signedTrailer, trailers)
    : counted;
  for await (const piece of payload) {
    if (++pieces % PIECES_PER_TURN === 0) await nextTurn();
    sizeBytes += piece.length;
    if (sizeBytes > (expected.sizeBytes ?? MAX_BODY_BYTES)) {
      throw new S3Error("InvalidRequest", "The body is longer than the request said.");
    }
    // Hashed while the disk takes it.
    const written = write(piece);
    md5.update(piece);
    sha256?.update(piece);
    checksum?.update(piece);
    await written;
  }

  if (expected.sizeBytes !== undefined && sizeBytes !== expected.sizeBytes)
    throw new S3Error("IncompleteBody");
  if (sha256 && sha256.digest("hex") !== expected.contentSha256)
    throw new S3Error("XAmzContentSHA256Mismatch");
  const digest = md5.digest();
  if (expected.contentMd5 !== undefined && digest.toString("base64") !== expected.contentMd5) {
    throw new S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  return {
    sizeBytes,
    md5: digest.toString("hex"),
    checksum: verifyChecksum(expected, trailers, checksum?.digest()),
  };
}

function verifyChecksum(
  { checksum }: ExpectedBody,
  trailers: Map<string, string>,
  computed: Buffer | undefined,
): ObjectChecksum | undefined {
  if (!checksum || !computed) {
    if (trailers.size > 0) throw new S3Error("MalformedTrailerError");
    return undefined;
  }
  const given = checksum.value ?? trailers.get(checksumHeader(checksum.algorithm));
  if (given === undefined) throw new S3Error("MalformedTrailerError", "The announced trailer is missing.");
  const value = computed.toString("base64");
  if (given !== value) {
    throw new S3Error(
      "BadDigest",
      `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
    );
  }
  return { algorithm: checksum.algorithm, value };
}

async function* countBytes(
  source: AsyncIterable<Buffer>,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer> {
  try {
    for await (const piece of source) {
      onBytes(piece.length);
      yield piece;
    }
  } catch (error) {
    if (isCutOff(error)) throw new S3Error("IncompleteBody");
    throw error;
  }
}

/** Whether a client went away in the middle of its body: while it was read, or before anyone began to. */
function isCutOff(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ECONNRESET" || error.code === "ERR_STREAM_PREMATURE_CLOSE";
}
