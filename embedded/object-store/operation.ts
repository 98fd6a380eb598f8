import type { Bucket, Caller } from "./access.ts";
import type { ReceivedBody } from "./body.ts";
import type { ChecksumAlgorithm } from "./checksums.ts";
import { S3Error } from "./errors.ts";
import type { BodyStream } from "./file-pieces.ts";
import type { S3Request } from "./request.ts";
import type { Store } from "./store.ts";

/** An authenticated request with what it is answered from. */
export type Context = { store: Store; request: S3Request; caller: Caller; body: RequestBody };
export type BucketContext = Context & { bucket: Bucket };

/** A request's body. Reading it is also what lets a client go on that waits for `100 Continue`. */
export type RequestBody = {
  /** Of the payload, in bytes. Undefined where the client did not say. */
  sizeBytes: number | undefined;
  /** Of the checksum that the client sends with it. */
  checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** Hands each piece to `write`; see receiveBody, which says what is checked and thrown. */
  receive(write: (piece: Buffer) => Promise<void> | void): Promise<ReceivedBody>;
  /** The whole of a small body. @throws S3Error EntityTooLarge */
  readAll(limitBytes: number): Promise<Buffer>;
};

export type Reply = {
  status: number;
  headers?: Record<string, string | number>;
  /** A stream comes with its Content-Length among the headers. */
  body?: string | Buffer | BodyStream;
};

type OperationRules = {
  /** Amazon's name. */
  name: string;
  /** What the Ceph Object Gateway's usage log calls it. */
  category: string;
  /** Query parameters that are understood, beside those of every request. Any other is refused. */
  parameters?: string[];
  /** x-amz-* headers that are understood, beside those of every request; `x-amz-meta-` stands for all of those. */
  headers?: string[];
  /** Its x-amz-checksum-* headers tell of an object, and not of the body that comes with them. */
  checksumsObject?: true;
  /** It answers only after reading much, and a client must not think meanwhile that the connection is dead. */
  slow?: true;
};

/** An operation on the service, or on a bucket that need not exist. It does its own authorization. */
export type ServiceOperation = OperationRules & {
  scope: "service";
  handle(context: Context): Promise<Reply>;
};

/** An operation on an existing bucket or on an object in it, once the caller may do `action`. */
export type BucketOperation = OperationRules & {
  scope: "bucket";
  action: string;
  /** What it takes instead where the request names a version. */
  versionAction?: string;
  handle(context: BucketContext): Promise<Reply>;
};

export type Operation = ServiceOperation | BucketOperation;

const COMMON_HEADERS = new Set([
  "x-amz-date",
  "x-amz-content-sha256",
  "x-amz-decoded-content-length",
  "x-amz-expected-bucket-owner",
  "x-amz-sdk-checksum-algorithm",
  "x-amz-trailer",
  "x-amz-user-agent",
  "x-amz-checksum-crc32",
  "x-amz-checksum-crc32c",
  "x-amz-checksum-crc64nvme",
  "x-amz-checksum-sha1",
  "x-amz-checksum-sha256",
]);

/** `x-id` names the operation in requests of Amazon's SDKs, for logs. */
const COMMON_PARAMETERS = new Set(["x-id"]);

/**
 * Refuses a request that asks for more than the operation does. An unknown subresource or header must never be
 * ignored: `DELETE /bucket?encryption` would delete the bucket, and a PUT with an encryption header would store in
 * clear.
 *
 * @throws S3Error NotImplemented, naming the parameter or header
 */
export function refuseUnsupported(operation: Operation, request: S3Request): void {
  for (const [name] of request.parameters) {
    // A presigned URL's own parameters; whatever else starts so was moved to the headers and is checked there.
    if (request.query.has("X-Amz-Signature") && name.toLowerCase().startsWith("x-amz-")) continue;
    if (COMMON_PARAMETERS.has(name) || operation.parameters?.includes(name)) continue;
    throw notImplemented(`The query parameter ${name}`, operation);
  }
  for (const name of request.headers.keys()) {
    if (!name.startsWith("x-amz-") || COMMON_HEADERS.has(name) || operation.headers?.includes(name)) continue;
    if (name.startsWith("x-amz-meta-") && operation.headers?.includes("x-amz-meta-")) continue;
    throw notImplemented(`The header ${name}`, operation);
  }
}

function notImplemented(what: string, operation: Operation): S3Error {
  return new S3Error("NotImplemented", `${what} is not implemented for ${operation.name}.`);
}
