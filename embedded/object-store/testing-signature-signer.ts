import { crc32 } from "node:zlib";
import { sha256 } from "./sigv4.ts";
import { signer } from "./testing.ts";
import { key, NOW, REGION } from "./testing-sigv4.ts";

export interface UnsignedRequest {
  method: string;
  /** Of the path, the bucket first. */
  segments: string[];
  query: [name: string, value: string][];
  headers: [name: string, value: string][];
  /** The body, as a client that sends it in chunks cuts it. */
  chunks: Buffer[];
  form: PayloadForm;
}

/** How a body is covered: by its hash, not at all (in headers or in a URL), chunk by chunk, by its checksum. */
export type PayloadForm =
  | "hashed"
  | "unsigned"
  | "presigned"
  | "chunks"
  | "chunks-trailer"
  | "unsigned-trailer";

/** A request with its signature, before it is written down. */
export interface SignedRequest extends UnsignedRequest {
  /** What is sent as the body: each chunk with its frame, and the trailer last, or the body in one piece. */
  pieces: Buffer[];
  /** The receiver's time, milliseconds since 1970. */
  now: number;
}

const HASHES: Record<PayloadForm, string> = {
  hashed: "",
  unsigned: "UNSIGNED-PAYLOAD",
  presigned: "UNSIGNED-PAYLOAD",
  chunks: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "chunks-trailer": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "unsigned-trailer": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
};
const TRAILER = "x-amz-checksum-crc32";
/** Seconds. */
export const EXPIRES_IN = 3600;

/** Signs with @smithy/signature-v4, at {@link NOW}. */
export async function signRequest(request: UnsignedRequest): Promise<SignedRequest> {
  const { form, chunks } = request;
  const body = Buffer.concat(chunks);
  const message = {
    method: request.method,
    protocol: "http:",
    hostname: "localhost",
    path: `/${request.segments.map(encodeURIComponent).map(encodeRest).join("/")}`,
    query: asRecord(request.query),
    headers: {
      host: "localhost",
      ...Object.fromEntries(request.headers),
      "x-amz-content-sha256": HASHES[form] || sha256(body),
      ...(isChunked(form) ? { "x-amz-decoded-content-length": String(body.length) } : {}),
      ...(form.endsWith("-trailer") ? { "x-amz-trailer": TRAILER } : {}),
    },
  };
  const options = { signingDate: new Date(NOW) };
  const oracle = signer(key, REGION);
  const signed =
    form === "presigned"
      ? await oracle.presign(message, { ...options, expiresIn: EXPIRES_IN })
      : await oracle.sign(message, options);
  const headers = Object.entries(signed.headers);
  const query = Object.entries(signed.query ?? {}).flatMap(([name, values]) =>
    [values ?? ""].flat().map((value): [string, string] => [name, value]),
  );
  const seed = /Signature=(\w+)/.exec(signed.headers.authorization ?? "")?.[1] ?? "";
  const pieces = isChunked(form) ? await encodeChunks(form, chunks, seed) : [body];
  return { ...request, headers, query, pieces, now: NOW };
}

export const isChunked = (form: PayloadForm) => form.startsWith("chunks") || form === "unsigned-trailer";

/** What encodeURIComponent leaves: a client must encode it to be signed. */
function encodeRest(text: string): string {
  return text.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function asRecord(query: UnsignedRequest["query"]): Record<string, string[]> {
  const record: Record<string, string[]> = {};
  for (const [name, value] of query) {
    record[name] = [...(Object.hasOwn(record, name) ? (record[name] ?? []) : []), value];
  }
  return record;
}

/** aws-chunked, each frame signed with the one before it where the form says so. */
async function encodeChunks(form: PayloadForm, chunks: Buffer[], seedSignature: string): Promise<Buffer[]> {
  let previous = seedSignature;
  const pieces: Buffer[] = [];
  for (const chunk of [...chunks, Buffer.alloc(0)]) {
    const size = chunk.length.toString(16);
    if (form === "unsigned-trailer") {
      pieces.push(frame(size, chunk));
      continue;
    }
    previous = await signText("PAYLOAD", previous, `${sha256("")}\n${sha256(chunk)}`);
    pieces.push(frame(`${size};chunk-signature=${previous}`, chunk));
  }
  const last = pieces.pop() as Buffer;
  return [...pieces, last.subarray(0, -2), Buffer.from(await trailer(form, Buffer.concat(chunks), previous))];
}

const frame = (header: string, chunk: Buffer) => Buffer.concat([Buffer.from(`${header}\r\n`), chunk, CRLF]);
const CRLF = Buffer.from("\r\n");

async function trailer(form: PayloadForm, body: Buffer, previous: string): Promise<string> {
  if (form === "chunks") return "\r\n";
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  const line = `${TRAILER}:${checksum.toString("base64")}`;
  if (form === "unsigned-trailer") return `${line}\r\n\r\n`;
  const signature = await signText("TRAILER", previous, sha256(`${line}\n`));
  return `${line}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`;
}

function signText(kind: "PAYLOAD" | "TRAILER", previous: string, digests: string): Promise<string> {
  const timestamp = new Date(NOW).toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${timestamp.slice(0, 8)}/${REGION}/s3/aws4_request`;
  const text = `AWS4-HMAC-SHA256-${kind}\n${timestamp}\n${scope}\n${previous}\n${digests}`;
  return signer(key, REGION).sign(text, { signingDate: new Date(NOW) });
}
