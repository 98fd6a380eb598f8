/** What went wrong, as coarsely as callers mostly need it; each {@link StorageErrorCode} is one of them. */
export type StorageErrorKind =
  | "unavailable"
  | "conflict"
  | "denied"
  | "not-found"
  | "not-supported"
  | "unexpected";

/**
 * What went wrong at the storage engine, in terms the console can act on.
 *
 * - `unavailable`: no usable answer (refused, reset, our deadline passed, 5xx, throttled). Retry later.
 * - `not-found`: the tenant, user or bucket named does not exist.
 * - `already-exists`: the access key id belongs to another user of the engine.
 * - `bucket-not-empty`: the bucket still holds objects (or the tenant still owns buckets).
 * - `bucket-taken`: the bucket name belongs to somebody else.
 * - `quota-exceeded`: the engine's own limit refuses it.
 * - `unsatisfiable`: the object has no byte of the range asked for.
 * - `denied`: the credentials used may not do this; the installation's settings need a look.
 * - `unsupported`: this engine cannot do it, now or later; `engineCode` names what, such as a lifecycle condition.
 * - `unexpected`: an answer this driver does not understand.
 */
export type StorageErrorCode =
  | "unavailable"
  | "not-found"
  | "already-exists"
  | "bucket-not-empty"
  | "bucket-taken"
  | "quota-exceeded"
  | "unsatisfiable"
  | "denied"
  | "unsupported"
  | "unexpected";

const KINDS: Record<StorageErrorCode, StorageErrorKind> = {
  unavailable: "unavailable",
  "not-found": "not-found",
  "already-exists": "conflict",
  "bucket-not-empty": "conflict",
  "bucket-taken": "conflict",
  // Refused for what is there, not for who asks.
  "quota-exceeded": "conflict",
  unsatisfiable: "conflict",
  denied: "denied",
  unsupported: "not-supported",
  unexpected: "unexpected",
};

interface StorageErrorDetails {
  /** The driver's method, such as `provisionTenant`. */
  operation: string;
  /** HTTP status of the engine's answer, if there was one. */
  status?: number | undefined;
  /** The engine's own error code (`NoSuchUser`) or the network's (`ECONNREFUSED`). */
  engineCode?: string | undefined;
  /** The engine's request id, to find the request in its logs. */
  requestId?: string | undefined;
}

/**
 * The only error a driver throws for what happens at the engine.
 *
 * Safe to log, to store as a job's last error and to show to operators: it is built from the details above
 * alone. It carries no `cause`, no URL and no engine message, since a request's query holds secret keys and
 * an engine may quote the request it refuses.
 */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: StorageErrorCode;
  readonly kind: StorageErrorKind;
  /** Whether the same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  readonly operation: string;
  readonly status: number | undefined;
  readonly engineCode: string | undefined;
  readonly requestId: string | undefined;

  constructor(code: StorageErrorCode, details: StorageErrorDetails) {
    const engineCode = plainCode(details.engineCode);
    const answer = [details.status, engineCode].filter((part) => part !== undefined).join(" ");
    super(`storage ${details.operation}: ${code}${answer ? ` (${answer})` : ""}`);
    this.code = code;
    this.kind = KINDS[code];
    this.retryable = code === "unavailable";
    this.operation = details.operation;
    this.status = details.status;
    this.engineCode = engineCode;
    this.requestId = plainCode(details.requestId);
  }
}

/**
 * Why a call failed, in words for operators. A StorageError is written to be shown; what anything else says is for
 * the log alone.
 */
export function reasonOf(error: unknown): string {
  return error instanceof StorageError ? error.message : "internal error";
}

// Whatever stands where a code is expected may be anything, the request's own text included.
function plainCode(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w.-]{1,80}$/.test(text) ? text : undefined;
}
