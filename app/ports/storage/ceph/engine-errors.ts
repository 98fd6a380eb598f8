import { StorageError, type StorageErrorCode } from "../errors.ts";

// Error codes of the Ceph Object Gateway's Admin Ops and IAM APIs and of S3 that mean the same everywhere.
const CODES: Record<string, StorageErrorCode> = {
  NoSuchBucket: "not-found",
  NoSuchEntity: "not-found",
  NoSuchUser: "not-found",
  NotFound: "not-found",

  EntityAlreadyExists: "already-exists",
  KeyExists: "already-exists",
  UserAlreadyExists: "already-exists",

  BucketAlreadyExists: "bucket-taken",
  BucketNotEmpty: "bucket-not-empty",
  // Of a write that was to overwrite nothing.
  PreconditionFailed: "already-exists",
  QuotaExceeded: "quota-exceeded",
  TooManyBuckets: "quota-exceeded",

  InvalidRange: "unsatisfiable",

  MethodNotAllowed: "unsupported",
  NotImplemented: "unsupported",

  // Two calls touched the same user or bucket at the same moment; the loser may simply try again.
  ConcurrentModification: "unavailable",
  OperationAborted: "unavailable",
  RequestTimeout: "unavailable",
  SlowDown: "unavailable",
};

/** What an error answer of the engine means. Its text is dropped: see {@link StorageError}. */
export function fromAnswer(
  operation: string,
  answer: { status: number; engineCode?: string | undefined; requestId?: string | undefined },
): StorageError {
  const known = Object.hasOwn(CODES, answer.engineCode ?? "") ? CODES[answer.engineCode ?? ""] : undefined;
  return new StorageError(known ?? codeOfStatus(answer.status), { operation, ...answer });
}

function codeOfStatus(status: number): StorageErrorCode {
  if (status === 401 || status === 403) return "denied";
  if (status === 404) return "not-found";
  if (status === 405 || status === 501) return "unsupported";
  if (status === 408 || status === 429 || status >= 500) return "unavailable";
  return "unexpected";
}

/**
 * What a request without an answer means: an error of the network, or our own deadline.
 *
 * @param error as thrown by `fetch` or the SDK; only its network code (`ECONNREFUSED`) is kept.
 */
export function fromNetwork(operation: string, error: unknown): StorageError {
  return new StorageError("unavailable", { operation, engineCode: networkCode(error) });
}

function networkCode(error: unknown): string {
  if (!(error instanceof Error)) return "NetworkError";
  if (error.name === "TimeoutError" || error.name === "AbortError") return "DeadlineExceeded";
  // fetch wraps the socket's error, and a host with several addresses wraps one error for each.
  const inner = error.cause instanceof Error ? error.cause : error;
  const code = "code" in inner ? inner.code : undefined;
  return typeof code === "string" ? code : "NetworkError";
}
