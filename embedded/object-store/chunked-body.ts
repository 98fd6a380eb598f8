import { createHash, createHmac, type Hash } from "node:crypto";
import { S3Error } from "./errors.ts";
import { type ChunkSigning, equalInConstantTime, sha256 } from "./sigv4.ts";

/**
 * The aws-chunked encoding: `SIZE[;chunk-signature=…]\r\n DATA \r\n … 0[;chunk-signature=…]\r\n TRAILERS \r\n`.
 *
 * Source: "Signature calculations for the Authorization header: transferring payload in multiple chunks" and
 * "… including trailing headers", Amazon S3 API reference.
 */

const EMPTY_SHA256 = sha256("");
const TRAILER_SIGNATURE = "x-amz-trailer-signature";
const MAX_LINE_BYTES = 8192;
const MAX_TRAILERS = 16;

/**
 * Yields the payload of an aws-chunked body and fills `trailers` (by lower-case name) once it ends.
 *
 * A chunk's data is passed on before its signature is known to be right: the caller must make nothing of it visible
 * until this has come to its end.
 *
 * @param signing null for the unsigned form
 * @param signedTrailer whether the trailers are signed too
 * @throws S3Error SignatureDoesNotMatch, IncompleteBody, InvalidRequest, MalformedTrailerError
 */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  signing: ChunkSigning | null,
  signedTrailer: boolean,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const input = new ByteReader(source);
  let previousSignature = signing?.seedSignature ?? "";

  for (;;) {
    const { size, signature } = parseChunkHeader(await input.line());
    const hash = signing ? createHash("sha256") : null;
    let left = size;
    while (left > 0) {
      const piece = await input.atMost(left);
      left -= piece.length;
      hash?.update(piece);
      yield piece;
    }
    if (signing && hash) {
      previousSignature = verifyChunk(signing, previousSignature, hash, signature);
    }
    if (size === 0) break;
    if ((await input.line()) !== "")
      throw new S3Error("IncompleteBody", "A chunk does not end where it says.");
  }

  const lines = await readTrailerLines(input);
  for (const [name, value] of lines) if (name !== TRAILER_SIGNATURE) trailers.set(name, value);
  if (signing && signedTrailer) verifyTrailers(signing, previousSignature, lines);
  await input.expectEnd();
}

function parseChunkHeader(line: string): { size: number; signature: string | undefined } {
  const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
  if (!match?.[1]) throw new S3Error("InvalidRequest", "The body is not a valid aws-chunked one.");
  return { size: Number.parseInt(match[1], 16), signature: match[2] };
}

function verifyChunk(signing: ChunkSigning, previous: string, hash: Hash, given: string | undefined): string {
  const expected = sign(
    signing,
    "AWS4-HMAC-SHA256-PAYLOAD",
    previous,
    `${EMPTY_SHA256}\n${hash.digest("hex")}`,
  );
  if (!given || !equalInConstantTime(expected, given)) throw new S3Error("SignatureDoesNotMatch");
  return expected;
}

function verifyTrailers(signing: ChunkSigning, previous: string, lines: [string, string][]): void {
  const given = lines.find(([name]) => name === TRAILER_SIGNATURE)?.[1];
  const canonical = lines
    .filter(([name]) => name !== TRAILER_SIGNATURE)
    .map(([name, value]) => `${name}:${value}\n`)
    .join("");
  const expected = sign(signing, "AWS4-HMAC-SHA256-TRAILER", previous, sha256(canonical));
  if (!given || !equalInConstantTime(expected, given)) throw new S3Error("SignatureDoesNotMatch");
}

function sign(signing: ChunkSigning, kind: string, previous: string, digests: string): string {
  return createHmac("sha256", signing.signingKey)
    .update(`${kind}\n${signing.timestamp}\n${signing.scope}\n${previous}\n${digests}`)
    .digest("hex");
}

async function readTrailerLines(input: ByteReader): Promise<[string, string][]> {
  const lines: [string, string][] = [];
  for (;;) {
    const line = (await input.line()).trim();
    if (line === "") return lines;
    const colon = line.indexOf(":");
    if (colon < 1 || lines.length >= MAX_TRAILERS) throw new S3Error("MalformedTrailerError");
    lines.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]);
  }
}

/** Reads lines and counted runs of bytes from a stream of pieces of any size. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #buffered: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** A line without its CRLF. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#buffered.indexOf("\r\n");
      if (end >= 0) {
        const line = this.#buffered.toString("latin1", 0, end);
        this.#buffered = this.#buffered.subarray(end + 2);
        return line;
      }
      if (this.#buffered.length > MAX_LINE_BYTES) {
        throw new S3Error("InvalidRequest", "The body is not a valid aws-chunked one.");
      }
      if (!(await this.#more())) throw new S3Error("IncompleteBody");
    }
  }

  /** Between one byte and `limit`, whatever has arrived. */
  async atMost(limit: number): Promise<Buffer> {
    while (this.#buffered.length === 0) {
      if (!(await this.#more())) throw new S3Error("IncompleteBody");
    }
    const piece = this.#buffered.subarray(0, limit);
    this.#buffered = this.#buffered.subarray(piece.length);
    return piece;
  }

  async expectEnd(): Promise<void> {
    if (this.#buffered.length > 0 || (await this.#more())) {
      throw new S3Error("InvalidRequest", "The body goes on after its last chunk.");
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    this.#buffered = this.#buffered.length === 0 ? next.value : Buffer.concat([this.#buffered, next.value]);
    return this.#buffered.length > 0 || this.#more();
  }
}
